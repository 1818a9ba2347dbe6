using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;

namespace Collector.Site;

/// <summary>The page's files in memory, uncompressed and as compressed by the page's build (<c>.br</c>, <c>.gz</c>).</summary>
internal sealed class DashboardFiles
{
    public const string Index = "index.html";

    /// <summary>The encodings, best first, and the file name endings that the build uses.</summary>
    private static readonly (string Name, string Ending)[] Encodings = [("br", ".br"), ("gzip", ".gz")];

    private readonly Dictionary<string, DashboardFile> files = new(StringComparer.Ordinal);

    private DashboardFiles(string inlineScript) => SecurityPolicy =
        $"default-src 'none'; script-src 'self'{inlineScript}; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

    /// <summary>
    /// The content security policy. The page may load its own files and call its own API, and nothing else. Its one inline script is
    /// allowed by its hash, and text cannot become markup (Trusted Types).
    /// </summary>
    public string SecurityPolicy { get; }

    /// <summary>
    /// Reads all files of <paramref name="folder"/>. Without that folder there are no files, because the page is optional.
    /// </summary>
    public static DashboardFiles Read(string folder)
    {
        var index = Path.Combine(folder, Index);
        if (!File.Exists(index)) return new DashboardFiles("");
        var read = new DashboardFiles(HashOfScript(File.ReadAllText(index)));
        foreach (var path in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            var name = Path.GetRelativePath(folder, path).Replace(Path.DirectorySeparatorChar, '/');
            var encoding = Array.Find(Encodings, e => name.EndsWith(e.Ending, StringComparison.Ordinal));
            var bytes = File.ReadAllBytes(path);
            var type = ContentType(encoding.Ending is null ? name : name[..^encoding.Ending.Length]);
            var isText = encoding.Name is null && !type.StartsWith("font/", StringComparison.Ordinal);
            read.files.Add(name, new DashboardFile(
                type,
                encoding.Name,
                $"\"{Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(0, 16))}\"",
                isText ? Encoding.UTF8.GetString(bytes) : Convert.ToBase64String(bytes),
                !isText,
                name.StartsWith("assets/", StringComparison.Ordinal) && !name.Contains(".txt", StringComparison.Ordinal)));
        }

        return read;
    }

    /// <summary>
    /// The file in the best encoding that <paramref name="accepted"/> (an <c>Accept-Encoding</c>) allows; null when there is no file of
    /// that name.
    /// </summary>
    public DashboardFile? Find(string name, string? accepted)
    {
        foreach (var (encoding, ending) in Encodings)
        {
            if (Accepts(accepted, encoding) && files.TryGetValue(name + ending, out var compressed)) return compressed;
        }

        // Compressed files cannot be requested by their own names.
        return files.TryGetValue(name, out var file) && file.Encoding is null ? file : null;
    }

    private static bool Accepts(string? accepted, string encoding) =>
        accepted is not null && accepted.Split(',').Any(part => StringWithQualityHeaderValue.TryParse(part, out var value)
            && string.Equals(value.Value, encoding, StringComparison.OrdinalIgnoreCase) && value.Quality != 0);

    private static string HashOfScript(string index)
    {
        const string open = "<script>";
        var from = index.IndexOf(open, StringComparison.Ordinal);
        if (from < 0) return "";
        from += open.Length;
        var script = index[from..index.IndexOf("</script>", from, StringComparison.Ordinal)];
        return $" 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(script)))}'";
    }

    private static string ContentType(string name) => Path.GetExtension(name) switch
    {
        ".html" => "text/html; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".svg" => "image/svg+xml",
        ".woff2" => "font/woff2",
        ".txt" => "text/plain; charset=utf-8",
        var other => throw new InvalidDataException($"the page has a file ending in {other}, whose content type is not known"),
    };
}
