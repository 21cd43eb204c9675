using System.Diagnostics;

namespace StarKV.Cli.Tests.Hub;

/// <summary>Commands in processes of their own, as the environment variables choose the cache and the token.</summary>
internal static class PullProcess
{
    /// <summary>Starts a command with HF_HOME in a folder and a server as the hub; <paramref name="variables"/> are set on top, null unsets one.</summary>
    public static Process Start(TempFolder home, HubServer server, string[] arguments, params (string Name, string? Value)[] variables)
    {
        var start = new ProcessStartInfo("dotnet", ["exec", Path.Combine(AppContext.BaseDirectory, "StarKV.Cli.dll"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = home.Path,
        };
        foreach (var name in new[] { "HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE", "HF_HUB_OFFLINE", "HF_TOKEN", "HF_TOKEN_PATH" })
            start.Environment[name] = null;
        start.Environment["HF_HOME"] = home.Path;
        start.Environment["HF_ENDPOINT"] = server.Address.AbsoluteUri;
        foreach (var (name, value) in variables)
            start.Environment[name] = value;
        return Process.Start(start)!;
    }

    /// <summary>Runs a command to its end.</summary>
    public static CommandRun Run(TempFolder home, HubServer server, string[] arguments, params (string Name, string? Value)[] variables)
    {
        using var process = Start(home, server, arguments, variables);
        return End(process);
    }

    /// <summary>Waits for a command's end.</summary>
    public static CommandRun End(Process process)
    {
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new CommandRun(process.ExitCode, output, error.GetAwaiter().GetResult());
    }
}
