using System.Text;

namespace StarKV.Files;

/// <summary>Recognises what is often found in place of a file that was never fetched.</summary>
internal static class StandIn
{
    private static readonly string[] s_pages = ["<!doctype html", "<html"];

    /// <summary>What the file is instead and the way out, worded to follow its name; null when it is neither of them.</summary>
    /// <param name="file">The file, or its first kilobyte.</param>
    public static string? Of(ReadOnlySpan<byte> file)
    {
        var start = Encoding.UTF8.GetString(file[..Math.Min(file.Length, 1024)]).TrimStart('\uFEFF').TrimStart();
        if (start.StartsWith("version https://git-lfs.github.com/", StringComparison.Ordinal)
            || start.StartsWith("version https://hawser.github.com/", StringComparison.Ordinal))
            return "is a git-lfs pointer, not the file itself. Run 'git lfs pull' in the clone that it comes from.";
        return s_pages.Any(page => start.StartsWith(page, StringComparison.OrdinalIgnoreCase))
            ? "is a web page (HTML), not the file itself: an error or login page was saved under its name. Download the file again."
            : null;
    }
}
