namespace StarKV.Cli.Help;

/// <summary>A command line that shows what a verb is for.</summary>
/// <param name="Verb">The verb, such as <c>eval minigui</c>.</param>
/// <param name="Meaning">What the line does, without a full stop.</param>
/// <param name="Line">The whole line.</param>
public sealed record Example(string Verb, string Meaning, string Line);

/// <summary>What the help of a command shows besides the verbs' symbols.</summary>
/// <param name="Examples">The examples, in the order of the verbs.</param>
/// <param name="Page">The page that tells everything about a verb.</param>
public sealed record HelpTopics(IReadOnlyList<Example> Examples, Func<string, string> Page)
{
    /// <summary>The examples of a verb; an empty verb is the command itself.</summary>
    public IReadOnlyList<Example> Of(string verb) => [.. Examples.Where(e => e.Verb == verb)];
}

/// <summary>The examples of help, and the page where the rest is.</summary>
internal static class Examples
{
    /// <summary>All of them, in the order of the verbs.</summary>
    public static IReadOnlyList<Example> All { get; } =
    [
        new("", "Try the shipped model", "starkv demo"),
        new("", "Answer about a screenshot of your own", "starkv ground --model ByteDance-Seed/UI-TARS-1.5-7B --image screen.png " +
            "--instruction 'Open the settings'"),
        new("demo", "Answer twice and see what was kept", "starkv demo --overlay kept.png"),
        new("pull", "Fetch a checkpoint of one revision", "starkv pull ByteDance-Seed/UI-TARS-1.5-7B@main --jobs 8"),
        new("ground", "Keep a fifth of the cache", "starkv ground --model models/mini --image screen.png --instruction 'Select " +
            "\"Columns\"' --keep 20% --overlay kept.png"),
        new("ground", "Keep 512 tokens of a history, and every token of the instruction",
            "starkv ground --model models/mini --image first.png second.png --instruction 'Go on' " +
                "--method snapkv --keep 512t --protect instruction"),
        new("chat", "Show a folder's screenshots, one with each Enter", "starkv chat 'Select \"Columns\"' --images shots"),
        new("chat", "Keep 512 tokens and the last four screenshots", "starkv chat 'Open the settings' --model " +
            "ByteDance-Seed/UI-TARS-1.5-7B --storage evict --keep 512t --window 4"),
        new("chat", "Go on where a session was saved", "starkv chat --restore task.session"),
        new("serve", "Serve the shipped model to clients on this machine", "starkv serve --port 8080"),
        new("serve", "Serve a checkpoint to others, who need a key of a file", "starkv serve --model ByteDance-Seed/UI-TARS-1.5-7B " +
            "--host 0.0.0.0 --api-key-file keys.txt --keep 20%"),
        new("methods", "Show one method with its options and presets", "starkv methods star-kv"),
        new("inspect", "Compare two methods at two budgets of the demo's task", "starkv inspect --method " +
            "star-kv,snapkv --keep 5%,20% --out page.html"),
        new("inspect", "Compare a method with and without one of its options, at equal bytes",
            "starkv inspect --method star-kv,star-kv:entropy=off --match bytes --difference star-kv star-kv:entropy=off"),
        new("inspect", "Draw what two methods keep as one picture",
            "starkv inspect --method snapkv,probe --keep 5% --match bytes --picture kept.png"),
        new("inspect", "See what each step of a session keeps of every screenshot",
            "starkv inspect --steps --storage lossless,evict --keep 512t --image first.png second.png third.png --instruction 'Go on'"),
        new("eval", "See which benchmarks' data are found", "starkv eval --check"),
        new("eval minigui", "Run 40 tasks at two budgets", "starkv eval minigui --limit 40 --method " +
            "full,star-kv,snapkv --keep 5%,20% --out runs/first"),
        new("eval minigui", "Run icons alone, split over two processes", "starkv eval minigui --filter " +
            "kind=icon --devices cpu,cpu --out runs/icons"),
        new("eval screenspot-v2", "Run with the rules of a released program", "starkv eval screenspot-v2 --data DIR --profile guikv " +
            "--method full,gui-kv --keep 1,3,5,10,20"),
        new("eval screenspot-pro", "See which files are found", "starkv eval screenspot-pro --data DIR --check"),
        new("eval androidcontrol", "Tell the model each step's instruction too", "starkv eval " +
            "androidcontrol --data DIR --level low --keep 20%"),
        new("eval agentnetbench", "Show three screenshots a question", "starkv eval agentnetbench " +
            "--data DIR --family opencua --image-slots 3 --keep 20%"),
        new("eval mind2web", "Remember through each trajectory", "starkv eval mind2web --data DIR --memory session --keep 20%"),
        new("eval report", "Write two runs as one page", "starkv eval report runs/first runs/second --out results.md"),
        new("eval models", "Compare methods across two models", "starkv eval models mini=runs/a other=runs/b --out results-models.md"),
        new("eval manifest", "Draw MiniGui-Episodes again", "starkv eval manifest --episodes --out minigui-episodes-v1.json"),
        new("eval manifest", "Draw other tasks like the benchmark's", "starkv eval manifest --of-each-kind 100 --out other.json"),
        new("replay", "Run again what a folder holds", "starkv replay runs/first --out runs/again"),
        new("report", "Look at a run", "starkv report runs/first --out runs/report.html"),
        new("conformance", "Run every vector and show those that did not pass", "starkv conformance tests/vectors --failures"),
        new("doctor", "See what is missing for a card", "starkv doctor --device cuda"),
        new("minigui", "Look at a dozen samples", "starkv minigui draw --sheet samples.png"),
        new("minigui draw", "Look at a long conversation", "starkv minigui draw --form episode --count 1 --sheet episode.png"),
        new("minigui draw", "Write a hundred screens of one size", "starkv minigui draw --form single --size " +
            "448x336 --count 100 --out screens"),
        new("minigui train", "Train for two hours on two cards", "starkv minigui train --out run " +
            "--minutes 120 --align-minutes 10 --device cuda:0,cuda:1"),
        new("minigui quantize", "Make the FP8 model of a checkpoint", "starkv minigui quantize run/latest run/latest-fp8"),
        new("minigui plot", "Draw a training log", "starkv minigui plot run/log.jsonl --out log.svg"),
    ];

    /// <summary>The examples with their pages.</summary>
    public static HelpTopics Topics { get; } = new(All, Page);

    /// <summary>The page that tells everything about a verb.</summary>
    public static string Page(string verb) => verb.Length == 0 ? "docs/README.md" : $"docs/cli.md#{Anchor(verb.Split(' ')[0])}";

    // Headings there name the argument too.
    private static string Anchor(string verb) => verb switch
    {
        "replay" => "replay-manifest",
        "report" => "report-dir-",
        "conformance" => "conformance-dir",
        _ => verb,
    };
}
