using StarKV.Conformance;

namespace StarKV.Cli.Tests.Issues;

/// <summary>A relative XDG_CACHE_HOME made a cache below the working folder, and without a home folder a raw error of the system was all (reliability F11).</summary>
[Collection(ProcessWideState.Name)]
public sealed class CacheFoldersOfTheUser
{
    [Theory]
    [InlineData("/caches", "/home/me", "/caches/starkv")]
    [InlineData("relative", "/home/me", "/home/me/.cache/starkv")]
    [InlineData("./relative", "/home/me", "/home/me/.cache/starkv")]
    [InlineData("", "/home/me", "/home/me/.cache/starkv")]
    [InlineData(null, "/home/me", "/home/me/.cache/starkv")]
    [InlineData("/proc/nowhere", "/home/me", "/proc/nowhere/starkv")]
    public void It_is_an_absolute_one(string? cache, string home, string expected) => With(cache, home, () => Assert.Equal(expected, UserCache.Folder()));

    [Theory]
    [InlineData("relative")]
    [InlineData(null)]
    public void Without_a_home_folder_nothing_relative_comes_out(string? cache) =>
        With(cache, null, () => Assert.True(UserCache.Folder() is not { } folder || Path.IsPathFullyQualified(folder)));

    private static void With(string? cache, string? home, Action look)
    {
        var before = (Environment.GetEnvironmentVariable("XDG_CACHE_HOME"), Environment.GetEnvironmentVariable("HOME"));
        try
        {
            Environment.SetEnvironmentVariable("XDG_CACHE_HOME", cache);
            Environment.SetEnvironmentVariable("HOME", home);
            look();
        }
        finally
        {
            Environment.SetEnvironmentVariable("XDG_CACHE_HOME", before.Item1);
            Environment.SetEnvironmentVariable("HOME", before.Item2);
        }
    }
}
