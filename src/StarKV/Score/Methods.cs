namespace StarKV.Score;

/// <summary>One compression method as users choose it.</summary>
/// <param name="Name">The key in <c>--method</c>.</param>
/// <param name="Paper">Where it comes from.</param>
/// <param name="Summary">What it does, in one sentence.</param>
/// <param name="Options">Its options with their defaults.</param>
/// <param name="Create">Creates it from options written as text.</param>
public sealed record MethodEntry(
    string Name, string Paper, string Summary, IReadOnlyList<MethodOption> Options, Func<IReadOnlyDictionary<string, string>, ICompressionMethod> Create);

/// <summary>The registry of compression methods: one line each.</summary>
public static class Methods
{
    /// <summary>All methods, in the order of the docs.</summary>
    public static IReadOnlyList<MethodEntry> All { get; } =
    [
        new("full", "-", "No compression: every token is kept.", [], _ => new Full()),
        new("star-kv", "arXiv 2606.01790", "Window attention with spatial boost, subspace prior, temporal discount and entropy temperature; one selection a layer.",
            StarKvOptions.Table.Describe(StarKvOptions.Session), CreateStarKv),
        new("gui-kv", "arXiv 2510.00536", "Window attention with spatial boost; earlier screenshots' tokens that the last one spans go first.",
            GuiKvOptions.Table.Describe(new GuiKvOptions()), o => new GuiKv(GuiKvOptions.Table.Read(new GuiKvOptions(), o))),
        new("snapkv", "arXiv 2404.14469", "What the last queries attend to.",
            SnapKv.Table.Describe(new AttentionOptions()), o => new SnapKv(SnapKv.Table.Read(new AttentionOptions(), o))),
        new("pyramidkv", "arXiv 2406.02069", "SnapKV's scores; early layers keep more, late layers less.",
            PyramidKvOptions.Table.Describe(new PyramidKvOptions()), o => new PyramidKv(PyramidKvOptions.Table.Read(new PyramidKvOptions(), o))),
        new("vl-cache", "arXiv 2410.23317", "What the text behind the last screenshot attends to; layers whose attention is spread wide keep more.",
            VlCacheOptions.Table.Describe(new VlCacheOptions()), o => new VlCache(VlCacheOptions.Table.Read(new VlCacheOptions(), o))),
        new("knorm", "arXiv 2406.11430", "The keys with the smallest norm.", [], _ => new KNorm()),
        new("streaming-llm", "arXiv 2309.17453", "The first four tokens and the most recent ones.", [], _ => new StreamingLlm()),
        new("random", "-", "Random tokens: the floor of every comparison.",
            RandomKeepOptions.Table.Describe(new RandomKeepOptions()), o => new RandomKeep(RandomKeepOptions.Table.Read(new RandomKeepOptions(), o))),
    ];

    /// <summary>Creates a method by name.</summary>
    /// <param name="name">A name of <see cref="All"/>.</param>
    /// <param name="options">Options by name; for star-kv also <c>preset</c> = <c>reference</c> or <c>session</c>, on which the others build.</param>
    /// <exception cref="StarKvException">The name or an option is unknown, or a value is out of bounds.</exception>
    public static ICompressionMethod Create(string name, IReadOnlyDictionary<string, string>? options = null)
    {
        var entry = All.FirstOrDefault(m => m.Name == name)
            ?? throw new StarKvException($"method '{name}' is unknown; the methods are {string.Join(", ", All.Select(m => m.Name))}.");
        options ??= new Dictionary<string, string>();
        return entry.Options.Count == 0 && options.Count > 0
            ? throw new StarKvException($"{name} has no options, but {string.Join(", ", options.Keys)} was given.")
            : entry.Create(options);
    }

    private static StarKv CreateStarKv(IReadOnlyDictionary<string, string> options)
    {
        var start = options.GetValueOrDefault("preset", "session") switch
        {
            "session" => StarKvOptions.Session,
            "reference" => StarKvOptions.Reference,
            var other => throw new StarKvException($"star-kv: preset is '{other}'; it must be reference or session."),
        };
        return new StarKv(StarKvOptions.Table.Read(start, options.Where(o => o.Key != "preset").ToDictionary()));
    }
}
