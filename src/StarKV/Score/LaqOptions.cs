namespace StarKV.Score;

/// <summary>Which tokens of the prompt the queries of a draft see.</summary>
public enum LaqSees
{
    /// <summary>All of them, for the draft stands behind the prompt.</summary>
    All,

    /// <summary>
    /// What the prompt's last tokens see, as many as there are queries of the window and the draft: the mask of the released program.
    /// </summary>
    Shifted,
}

/// <summary>Options of <see cref="Laq"/>.</summary>
public sealed record LaqOptions
{
    /// <value>Tokens of the draft, 1–64; default 8.</value>
    public int Draft { get; init; } = 8;

    /// <value>Observation window of the draft's cache, 1–256 queries; default 32.</value>
    public int DraftWindow { get; init; } = 32;

    /// <value>Share of the prompt's tokens that the draft's cache keeps, 0–1; default 0, as many as the budget keeps.</value>
    public double DraftKeep { get; init; }

    /// <value>
    /// Last prompt tokens W whose queries look too, and which are always kept, 0–256; default 0, when the last token alone is kept.
    /// </value>
    public int Window { get; init; }

    /// <value>Pooling kernel, odd, 1–63 tokens; default 7.</value>
    public int Kernel { get; init; } = 7;

    /// <value>Pooling along tokens; default the maximum.</value>
    public Pooling Pooling { get; init; } = Pooling.Max;

    /// <value>For which heads tokens are kept separately; default each key/value head.</value>
    public Granularity Granularity { get; init; } = Granularity.KvHead;

    /// <value>Which tokens of the prompt the draft's queries see; default all.</value>
    public LaqSees Sees { get; init; } = LaqSees.All;

    /// <value>Whether weights are summed, or the logits q·k/√d themselves; default true, weights.</value>
    public bool Softmax { get; init; } = true;

    /// <value>Whether each token's score is multiplied by the L2 norm of its value; default false.</value>
    public bool Value { get; init; }

    /// <summary>The preset <c>plus</c>, LAQ++: the last eight queries of the prompt look too.</summary>
    public static LaqOptions Plus { get; } = new() { Window = 8 };

    /// <summary>
    /// The preset <c>reference</c>: LAQ++ with the released program's mask. That selects for every query head, here
    /// <c>granularity=query-head</c>.
    /// </summary>
    public static LaqOptions Reference { get; } = Plus with { Sees = LaqSees.Shifted };

    internal static OptionTable<LaqOptions> Table { get; } = new OptionTable<LaqOptions>("laq")
        .Whole("draft", o => o.Draft, (o, v) => o with { Draft = v }, 1, 64, "tokens of the draft")
        .Whole("draft-window", o => o.DraftWindow, (o, v) => o with { DraftWindow = v }, 1, 256,
            "observation window of the draft's cache in queries")
        .Number("draft-keep", o => o.DraftKeep, (o, v) => o with { DraftKeep = v }, 0, 1,
            "share of the prompt that the draft's cache keeps; 0: as many tokens as the budget keeps")
        .Whole("window", o => o.Window, (o, v) => o with { Window = v }, 0, 256,
            "last prompt tokens W whose queries look too, and which are kept")
        .Whole("kernel", o => o.Kernel, (o, v) => o with { Kernel = v }, 1, 63, "pooling kernel in tokens", odd: true)
        .Choice("pooling", o => o.Pooling, (o, v) => o with { Pooling = v }, "pooling along tokens",
            ("average", Pooling.Average), ("max", Pooling.Max))
        .Choice("granularity", o => o.Granularity, (o, v) => o with { Granularity = v },
            "for which heads tokens are kept separately", ("kv-head", Granularity.KvHead), ("query-head", Granularity.QueryHead))
        .Choice("sees", o => o.Sees, (o, v) => o with { Sees = v }, "which tokens the draft's queries see",
            ("all", LaqSees.All), ("shifted", LaqSees.Shifted))
        .Switch("softmax", o => o.Softmax, (o, v) => o with { Softmax = v }, "whether weights are summed, or logits")
        .Switch("value", o => o.Value, (o, v) => o with { Value = v },
            "whether a score is multiplied by the norm of the token's value");
}
