namespace StarKV.Conformance;

/// <summary>The folder of the user's cache that is StarKV's; nothing of it is needed, and nothing in it is code.</summary>
internal static class UserCache
{
    /// <summary>
    /// <c>starkv</c> below XDG_CACHE_HOME if that is an absolute path, as its specification
    /// asks, else below ~/.cache; on Windows below the local application data.
    /// Null where none of them is known. eng/fetch-tokenizer.sh uses the same.
    /// </summary>
    public static string? Folder()
    {
        if (OperatingSystem.IsWindows())
            return Below(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData));
        return Below(Environment.GetEnvironmentVariable("XDG_CACHE_HOME"))
            ?? Below(
                Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify), ".cache");
    }

    private static string? Below(string? root, string part = "") =>
        string.IsNullOrEmpty(root) || !Path.IsPathFullyQualified(root) ? null : Path.Combine(root, part, "starkv");
}
