using StarKV.Cli.Help;

namespace StarKV.Bench;

/// <summary>The examples of help, and the page where the rest is.</summary>
internal static class BenchExamples
{
    /// <summary>All of them, in the order of the verbs.</summary>
    public static HelpTopics Topics { get; } = new(
    [
        new("", "Time the shipped model's answers", "starkv-bench answers --count 50"),
        new("prefill", "Time one and five screenshots", "starkv-bench prefill --model models/mini --size 560x420 --screens 1 5 --json"),
        new("step", "Time the next screenshot of a session", "starkv-bench step --model models/mini --size 560x420 --screens 5"),
        new("session", "Time the next screenshot with each storage", "starkv-bench session --model models/mini --size 560x420 --screens 5"),
        new("save", "Time a session on its way to a file and back", "starkv-bench save --model models/mini --size 560x420 --screens 5"),
        new("serve", "Time agents that share one model", "starkv-bench serve --model models/mini --size 560x420 --agents 1 4 --seconds 10"),
        new("growth", "Take 100 steps with three screenshots each", "starkv-bench growth --steps 100 --window 3 --answers 3"),
        new("decode", "Time tokens of an answer", "starkv-bench decode --model models/mini --size 560x420 --method full,star-kv"),
        new("sessions", "Time many sessions at once", "starkv-bench sessions --shape 3b --keep 40%,20%"),
        new("memory", "Read the peak memory of a card", "starkv-bench memory --screens 1 5 --repeats 2"),
        new("hold", "Fill a card with sessions", "starkv-bench hold --keep 20%"),
        new("select", "Time the selection alone", "starkv-bench select --shape 3b --screens 1 --keep 20%"),
        new("load", "Time a checkpoint of one gigabyte", "starkv-bench load --folder checkpoint --gigabytes 1"),
        new("answers", "Time answers of another method", "starkv-bench answers --method snapkv --keep 20% --count 50"),
        new("preprocess", "Time a screenshot of your own", "starkv-bench preprocess --image screen.png"),
        new("minigui", "Time the drawing of screens", "starkv-bench minigui --count 100"),
        new("training", "Time steps of a training", "starkv-bench training --tokens 4096 --repeats 5"),
    ],
    _ => "docs/cli.md#starkv-bench");
}
