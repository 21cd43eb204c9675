using System.Diagnostics;

namespace StarKV.Server.Tests.Serve;

/// <summary><c>starkv serve</c> as a process of its own, on a free port of this machine; it is ended by its own id.</summary>
internal sealed class ServeProcess : IDisposable
{
    private readonly Process _process;

    public ServeProcess(params string[] options)
        : this(new Dictionary<string, string>(), options)
    {
    }

    /// <param name="environment">Further variables.</param>
    /// <param name="options">Options of the command.</param>
    public ServeProcess(IReadOnlyDictionary<string, string> environment, string[] options)
    {
        string[] line = ["serve", "--model", RepositoryFiles.Path("models", "mini"), "--device", "cpu", "--port", "0", .. options];
        // Whoever runs the tests in the background has them ignore SIGINT, and what they start as well.
        var start = new ProcessStartInfo("env", ["--default-signal=INT,TERM", Path.Combine(AppContext.BaseDirectory, "StarKV.Cli"), .. line])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["OMP_WAIT_POLICY"] = "PASSIVE";
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        _process = Process.Start(start)!;
        FirstLine = _process.StandardOutput.ReadLine()
            ?? throw new InvalidOperationException(_process.StandardError.ReadToEnd());
        Client = new HttpClient { BaseAddress = new Uri(FirstLine.Split(' ')[0]), Timeout = TimeSpan.FromMinutes(5) };
    }

    public string FirstLine { get; }

    public HttpClient Client { get; }

    public void Signal(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", $"{_process.Id}"]);
        kill.WaitForExit();
    }

    /// <summary>Waits for the end; the exit code and what was said on stderr.</summary>
    public (int Code, string Errors) Ended()
    {
        var errors = _process.StandardError.ReadToEnd();
        Assert.True(_process.WaitForExit(60_000));
        return (_process.ExitCode, errors);
    }

    public void Dispose()
    {
        Client.Dispose();
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
    }
}
