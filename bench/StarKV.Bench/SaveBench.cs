using System.CommandLine;
using System.Diagnostics;
using StarKV.Cli;
using StarKV.Compact;
using StarKV.Decode;
using StarKV.Input;
using StarKV.Sessions;
using StarKV.Text;

namespace StarKV.Bench;

/// <summary>
/// <c>starkv-bench save</c>: a session on its way to a file and back, and to the host's memory and back, through the members that programs
/// call.
/// </summary>
internal static class SaveBench
{
    /// <summary>
    /// Times in milliseconds. Saving ends when the file is on the disk (fsync) under its name; restoring reads what was just written, which
    /// the system may still hold in memory. The next step, with a screenshot that was encoded before and an answer of one token, is taken
    /// by a session as it is, by one that was moved to the host's memory, and by one that was restored: the differences are what coming
    /// back takes.
    /// </summary>
    internal sealed record Row(
        int Screens, string Method, string Keep, int PromptTokens, string Storage, long FileBytes, long DeviceBytes, long HostBytes,
        Spread Save, Spread Restore, Spread Offload, Spread NextStep, Spread NextStepAfterOffload, Spread NextStepAfterRestore,
        string FileSystem)
        : BenchRow(Screens, Method, Keep, PromptTokens)
    {
        /// <summary>Megabytes (10⁶ bytes) of the file per second, by the median.</summary>
        public double SaveMegabytesPerSecond => Math.Round(FileBytes / 1e3 / Save.Median, 1);

        /// <summary>As <see cref="SaveMegabytesPerSecond"/>, for restoring.</summary>
        public double RestoreMegabytesPerSecond => Math.Round(FileBytes / 1e3 / Restore.Median, 1);

        /// <summary>Megabytes that left the device per second, by the median; null where none were there.</summary>
        public double? OffloadMegabytesPerSecond => DeviceBytes > 0 ? Math.Round(DeviceBytes / 1e3 / Offload.Median, 1) : null;
    }

    public static Command Create(Terminal terminal) => BenchScenario.OfAgent<Row>(
        terminal, "save", "Time a session on its way to a file and back, and to the host's memory and back.",
        [
            ("storage", r => r.Storage), ("file", r => Format.Bytes(r.FileBytes)), ("save ms", r => r.Save.Text),
            ("restore ms", r => r.Restore.Text), ("offload ms", r => r.Offload.Text),
        ],
        Run, methods: "star-kv", defaultScreens: [5]);

    private static IEnumerable<Row> Run(BenchPlan plan, GuiAgent agent, ParseResult parsed) =>
        from count in plan.Screens
        from compression in plan.Compressions
        from storage in compression.KeepsEverything ? [KvStorage.Evict] : Enum.GetValues<KvStorage>()
        select Time(plan, agent, plan.Screenshots(count + 1), compression, storage);

    private static Row Time(
        BenchPlan plan, GuiAgent agent, IReadOnlyList<Screenshot> screens, Compression compression, KvStorage storage)
    {
        var folder = Directory.CreateTempSubdirectory("starkv-bench-");
        try
        {
            var path = Path.Combine(folder.FullName, "session");
            using var session = agent.OpenSession("Open the settings", new SessionOptions
            {
                Method = compression.Method,
                Budget = compression.Budget,
                Storage = storage,
                HostBytes = long.MaxValue,
                Position = InstructionPosition.First,
                Generation = new GenerationOptions { MaxNewTokens = 1 },
            });
            foreach (var screen in screens.SkipLast(1))
                session.Step(screen);
            var held = session.Kv;
            var (save, restore, offload, next, back, again) = (new List<double>(), new List<double>(), new List<double>(),
                new List<double>(), new List<double>(), new List<double>());
            plan.Repeat(counts =>
            {
                var saved = Milliseconds(agent, () => session.Save(path));
                GuiSession? restored = null;
                var read = Milliseconds(agent, () => restored = agent.RestoreSession(path));
                var restoredStep = Milliseconds(agent, () => restored!.Step(screens[^1]));
                restored!.Dispose();
                using var stays = session.Fork();
                var step = Milliseconds(agent, () => stays.Step(screens[^1]));
                using var moves = session.Fork();
                var moved = Milliseconds(agent, moves.Offload);
                var movedStep = Milliseconds(agent, () => moves.Step(screens[^1]));
                if (!counts)
                    return;
                save.Add(saved);
                restore.Add(read);
                offload.Add(moved);
                next.Add(step);
                back.Add(movedStep);
                again.Add(restoredStep);
            });
            return new Row(
                screens.Count - 1, compression.Name, BenchPlan.Keep(compression), held.Tokens, Names.Of(storage), new FileInfo(path).Length,
                held.DeviceBytes, held.HostBytes, Spread.Of(save), Spread.Of(restore), Spread.Of(offload), Spread.Of(next), Spread.Of(back),
                Spread.Of(again), new DriveInfo(folder.FullName).DriveFormat);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>How long something takes, with the device done before and after.</summary>
    private static double Milliseconds(GuiAgent agent, Action work)
    {
        agent.Compute.Synchronize();
        var watch = Stopwatch.StartNew();
        work();
        agent.Compute.Synchronize();
        return watch.Elapsed.TotalMilliseconds;
    }
}
