namespace StarKV.Runtime;

/// <summary>The folder of the user's cache that is StarKV's; everything in it can be made again.</summary>
internal static class UserCache
{
    /// <summary><c>starkv</c> below XDG_CACHE_HOME, else ~/.cache; on Windows below the local application data. eng/fetch-tokenizer.sh uses the same.</summary>
    public static string Folder()
    {
        if (OperatingSystem.IsWindows())
            return Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData), "starkv");
        var cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
        if (string.IsNullOrEmpty(cache))
            cache = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
        return Path.Combine(cache, "starkv");
    }
}
