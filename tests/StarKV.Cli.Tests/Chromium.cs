using System.Text.RegularExpressions;
using StarKV.Cli.Tests;
using StarKV.Input;

[assembly: AssemblyFixture(typeof(Chromium))]

namespace StarKV.Cli.Tests;

/// <summary>A browser without a window, see <see cref="TestPrograms"/>.</summary>
public sealed partial class Chromium
{
    private readonly Lazy<string> _program = new(TestPrograms.Chromium);

    /// <summary>What became of a page.</summary>
    /// <param name="Dom">The document when its scripts had run.</param>
    /// <param name="Console">What was written to the console: errors of scripts and of the content policy too.</param>
    public sealed record Opened(string Dom, IReadOnlyList<string> Console);

    /// <summary>Opens a file in a window of this width in pixels.</summary>
    public Opened Open(string path, int width = 1400)
    {
        var (dom, log) = Headless(path, width, 1000, "--dump-dom");
        return new Opened(dom, [.. log.Split('\n').Where(line => ConsoleLine().IsMatch(line))]);
    }

    /// <summary>Takes a picture of the upper part of a file.</summary>
    public Screenshot Picture(string path, int width = 1400, int height = 1000)
    {
        using var folder = new TempFolder();
        Headless(path, width, height, $"--screenshot={folder.File("page.png")}");
        return Screenshot.Load(folder.File("page.png"));
    }

    private (string Output, string Log) Headless(string path, int width, int height, string what)
    {
        using var profile = new TempFolder();
        var (code, output, errors) = TestPrograms.Run(
            _program.Value, "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", $"--user-data-dir={profile.Path}",
            "--enable-logging=stderr", "--hide-scrollbars", $"--window-size={width},{height}", what, new Uri(path).AbsoluteUri);
        Assert.True(code == 0, errors);
        return (output, errors);
    }

    [GeneratedRegex(@"^\[[^\]]*:CONSOLE[:(]")]
    private static partial Regex ConsoleLine();
}
