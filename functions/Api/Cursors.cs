using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Collector.Policy;

namespace Collector.Api;

/// <summary>
/// Creates and checks cursors, which say where the next page of a list starts. A cursor is sealed with the fingerprint secret and valid for
/// one list only. It does not contain the list's owner; each request identifies its owner by a token.
/// </summary>
internal sealed class Cursors(Fingerprints fingerprints)
{
    // 128 bits as hexadecimal digits.
    private const int SealLength = 32;

    /// <param name="list">Identifies the list and its owner.</param>
    /// <param name="place">The place in the list after which the next page starts.</param>
    public string Seal(string list, string place) =>
        Base64Url.EncodeToString(Encoding.UTF8.GetBytes(fingerprints.Cursor(list, place) + place));

    /// <summary>
    /// The place in the list; null without a cursor. Throws the 400 problem for a cursor of another list or a forged one.
    /// </summary>
    public string? Open(string list, string? cursor)
    {
        if (cursor is null) return null;
        if (cursor.Length <= 1024 && Base64Url.IsValid(cursor) && Base64Url.DecodeFromChars(cursor) is { Length: > SealLength } bytes)
        {
            var place = Encoding.UTF8.GetString(bytes.AsSpan(SealLength));
            if (CryptographicOperations.FixedTimeEquals(bytes.AsSpan(0, SealLength),
                Encoding.ASCII.GetBytes(fingerprints.Cursor(list, place)))) return place;
        }

        throw Problem.BadRequest.With("The parameter cursor was not issued for this list.");
    }
}
