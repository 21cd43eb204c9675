using System.Runtime.CompilerServices;
using StarKV.Input;

namespace StarKV.Tests;

/// <summary>Goes on with sessions that another process has saved.</summary>
internal static class SavedSessions
{
    /// <summary>One step with every session of a folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="screen">The next screenshot.</param>
    /// <param name="say">Receives a line a session: its file's name, and the answer's tokens.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static int Run(string folder, string screen, Action<string> say)
    {
        using var agent = GuiAgent.Load(Environment.GetEnvironmentVariable("STARKV_TEST_MODEL")!, "cpu");
        var tensors = agent.LiveTensors;
        foreach (var file in Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal))
        {
            using var session = agent.RestoreSession(file);
            say($"{Path.GetFileName(file)}: {string.Join(' ', session.Step(Screenshot.Load(screen)).Tokens)}");
        }

        say($"tensors left {agent.LiveTensors - tensors}");
        return 0;
    }
}
