using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Collector.Tests.EndToEnd.Collector;

/// <summary>
/// A network between the functions and DynamoDB as it is outside one machine: TLS, and answers that arrive in pieces. A function that
/// blocks the thread on which the next piece would arrive waits forever. On the loopback interface an answer mostly arrives in one piece,
/// so such a fault rarely shows.
/// </summary>
internal sealed class SlowNetwork : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(2);

    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly X509Certificate2 certificate = SelfSigned();
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("collector-network-");
    private readonly CancellationTokenSource end = new();

    /// <summary>The environment that makes a process trust the certificate.</summary>
    public IReadOnlyDictionary<string, string> Environment => new Dictionary<string, string> { ["SSL_CERT_FILE"] = CertificateFile };

    private string CertificateFile => Path.Combine(folder.FullName, "certificate.pem");

    /// <summary>Starts the network in front of DynamoDB.</summary>
    /// <returns>The address that functions use.</returns>
    public Uri InFrontOf(Uri dynamoDb)
    {
        File.WriteAllText(CertificateFile, certificate.ExportCertificatePem());
        listener.Start();
        _ = Accept(dynamoDb);
        return new Uri($"https://localhost:{((IPEndPoint)listener.LocalEndpoint).Port}");
    }

    public async ValueTask DisposeAsync()
    {
        await end.CancelAsync();
        listener.Dispose();
        certificate.Dispose();
        end.Dispose();
        folder.Delete(recursive: true);
    }

    private async Task Accept(Uri dynamoDb)
    {
        while (!end.IsCancellationRequested) _ = Relay(await listener.AcceptTcpClientAsync(end.Token), dynamoDb);
    }

    private async Task Relay(TcpClient client, Uri dynamoDb)
    {
        using var near = client;
        using var far = new TcpClient();
        await far.ConnectAsync(dynamoDb.Host, dynamoDb.Port, end.Token);
        near.NoDelay = far.NoDelay = true;
        await using var secure = new SslStream(near.GetStream());
        await secure.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = certificate }, end.Token);
        // When one side closes its connection, the other one is closed too.
        await Task.WhenAny(secure.CopyToAsync(far.GetStream(), end.Token), InPieces(far.GetStream(), secure));
    }

    private async Task InPieces(NetworkStream from, SslStream to)
    {
        var buffer = new byte[16 * 1024];
        while (await from.ReadAsync(buffer, end.Token) is > 0 and var length)
        {
            // The last byte is always sent separately, so that no answer arrives in one piece.
            foreach (var (start, count) in new[] { (0, length - 1), (length - 1, 1) })
            {
                await to.WriteAsync(buffer.AsMemory(start, count), end.Token);
                await Task.Delay(Pause, TimeProvider.System, end.Token);
            }
        }
    }

    private static X509Certificate2 SelfSigned()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
    }
}
