using System.Diagnostics;

namespace StarKV.Cli.Tests;

/// <summary>What some tests need beside .NET. Nothing is installed or fetched unless STARKV_TEST_INSTALL is 1; without it, tests whose program is missing are skipped and say so.</summary>
internal static class TestPrograms
{
    public const string Variable = "STARKV_TEST_INSTALL";

    private static bool MayInstall => Environment.GetEnvironmentVariable(Variable) == "1";

    /// <summary>A browser.</summary>
    public static string Chromium() => Find("chromium", () => OnPath("chromium"), RepositoryFiles.Path("eng", "install-chromium.sh"), MayInstall);

    /// <summary>The vocabulary of Qwen2.5-VL.</summary>
    /// <param name="find">Looks where it may lie already.</param>
    public static string Vocabulary(Func<string?> find) => Find("the vocabulary of the tokenizer's vectors", find, RepositoryFiles.Path("eng", "fetch-tokenizer.sh"), MayInstall);

    /// <summary>Finds something, or lets a script bring it if that is allowed, or skips the test.</summary>
    /// <param name="what">What a skipped test says.</param>
    /// <param name="find">Where it is; null when it is not there.</param>
    /// <param name="script">Brings it, and prints where it is.</param>
    /// <param name="mayInstall">Whether the script may run.</param>
    public static string Find(string what, Func<string?> find, string script, bool mayInstall)
    {
        if (find() is { } there)
            return there;
        Assert.SkipUnless(mayInstall, $"{what} is missing: {System.IO.Path.GetFileName(script)} brings it; with {Variable}=1 the tests call it");
        var (code, output, errors) = Run(script);
        Assert.True(code == 0, errors);
        return output.Trim();
    }

    /// <summary>Runs a program to its end.</summary>
    public static (int Code, string Output, string Errors) Run(string program, params string[] arguments) => Run(new ProcessStartInfo(program, arguments));

    /// <inheritdoc cref="Run(string, string[])"/>
    public static (int Code, string Output, string Errors) Run(ProcessStartInfo start)
    {
        (start.RedirectStandardOutput, start.RedirectStandardError) = (true, true);
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, errors.GetAwaiter().GetResult());
    }

    private static string? OnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Select(folder => System.IO.Path.Combine(folder, program)).FirstOrDefault(File.Exists);
}
