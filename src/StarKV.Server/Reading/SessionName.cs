using StarKV.Server.Errors;

namespace StarKV.Server.Reading;

/// <summary>Reads what a client calls its conversation.</summary>
internal static class SessionName
{
    private const int MaxLength = 128;

    /// <summary>Whether a text may be such a name: 1–128 letters, digits, dots, underscores, colons and hyphens.</summary>
    public static bool IsOne(string text) => text.Length is >= 1 and <= MaxLength
        && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or ':' or '-');

    /// <summary>Checks a name.</summary>
    /// <param name="text">The name; null for none.</param>
    /// <param name="where">Where it stands.</param>
    /// <exception cref="ApiException">It is none.</exception>
    public static string? Checked(string? text, string where) => text is null || IsOne(text)
        ? text
        : throw ApiException.Invalid(
            "invalid_session_id", $"{where} is no name of a session: it must be 1 to {MaxLength} of the characters A-Z a-z 0-9 . _ : -.",
            where);
}
