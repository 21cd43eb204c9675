using StarKV.Fuzz.Mutate;
using StarKV.Fuzz.Run;
using StarKV.MiniGui.Training.Run;

namespace StarKV.Fuzz.Targets;

/// <summary>Where a training was stopped: <c>state.json</c> of a checkpoint.</summary>
internal sealed class TrainingStateTarget : IFuzzTarget
{
    public string Name => "training-state";

    public int InputsARound => 8_000;

    public IReadOnlyList<IMutation> Mutations { get; } =
        Mutate.Mutations.OfJson("Phase", "Seconds", "Updates", "Feeds", "Turn", "Workers", "Taken", "devices", "--threads");

    public IEnumerable<byte[]> Seeds() =>
    [
        """
        {"Phase":"train","Steps":9,"Seconds":5,"PhaseSeconds":4,"Updates":9,"Feeds":[{"Turn":0,"Workers":[{"Job":3,"Taken":1}]}],
        "Settings":{"devices":"1","--threads":"1"}}
        """u8.ToArray(),
    ];

    public string Run(byte[] input)
    {
        var state = RunState.Parse(input, "state.json");
        // What going on does with it.
        _ = TimeSpan.FromSeconds(state.Seconds) - TimeSpan.FromSeconds(state.PhaseSeconds);
        return $"{state.Phase} {state.Feeds.Count} {state.Feeds[0].After(1, 0).Turn > 0}";
    }
}
