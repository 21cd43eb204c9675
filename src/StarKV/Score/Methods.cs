namespace StarKV.Score;

/// <summary>The registry of compression methods: one line each.</summary>
public static class Methods
{
    /// <summary>All methods, in the order of the docs.</summary>
    public static IReadOnlyList<MethodEntry> All { get; } =
    [
        new("full", "-", "No compression: every token is kept.", false, [], _ => new Full()),
        WithPresets("star-kv", "arXiv 2606.01790",
            "Window attention with spatial boost, subspace prior, temporal discount and entropy temperature; one selection per layer.",
            false, StarKvOptions.Table, o => new StarKv(o),
            ("session", "For sessions: the screen's true grid.", StarKvOptions.Session),
            ("reference", "Selections equal to the released programs': a square grid.", StarKvOptions.Reference)),
        WithPresets("gui-kv", "arXiv 2510.00536",
            "Window attention with spatial boost; earlier screenshots' tokens that the last one spans go first.",
            true, GuiKvOptions.Table, o => new GuiKv(o),
            ("reference", "The released program's choices.", GuiKvOptions.Reference),
            ("subspace", "Compares with the whole last screenshot, not with its first tokens.", GuiKvOptions.Subspace)),
        WithPresets("st-lite", "arXiv 2603.00188",
            "Window attention plus what stands out from its neighbours; earlier screenshots' tokens that the last one shows go first.",
            true, StLiteOptions.Table, o => new StLite(o),
            ("session", "For sessions: compares values, which a cache still has.", StLiteOptions.Session),
            ("paper", "Compares the layer's inputs.", StLiteOptions.Paper),
            ("reference", "The released program's choices.", StLiteOptions.Reference)),
        WithPresets("snapkv", "arXiv 2404.14469", "What the last queries attend to.", true, SnapKv.Table, o => new SnapKv(o),
            ("reference", "The settings released for GUI agents.", new AttentionOptions()),
            ("sharp", "No pooling: each token for its own attention.", SnapKv.Sharp)),
        WithPresets("pyramidkv", "arXiv 2406.02069", "SnapKV's scores; early layers keep more, late layers less.", true,
            PyramidKvOptions.Table, o => new PyramidKv(o),
            ("exact", "All layers together keep the budget exactly.", PyramidKvOptions.Exact),
            ("reference", "The released program's rounding, which may keep more.", PyramidKvOptions.Reference)),
        new("vl-cache", "arXiv 2410.23317",
            "What the text after the last screenshot attends to; layers whose attention is spread wide keep more.", true,
            VlCacheOptions.Table.Describe(new VlCacheOptions()), o => new VlCache(VlCacheOptions.Table.Read(new VlCacheOptions(), o))),
        new("probe", "-", "What the beginnings of possible answers attend to, read behind the prompt and not stored.", true,
            ProbeOptions.Table.Describe(new ProbeOptions()), o => new Probe(ProbeOptions.Table.Read(new ProbeOptions(), o))),
        WithPresets("laq", "arXiv 2505.20334",
            "What the first tokens of a draft attend to; it is written on SnapKV's cache while all rows are held.", true,
            LaqOptions.Table, o => new Laq(o),
            ("paper", "LAQ: the draft's queries alone.", new LaqOptions()),
            ("plus", "LAQ++: the last queries of the prompt look too.", LaqOptions.Plus),
            ("reference", "LAQ++ with the released program's mask.", LaqOptions.Reference)),
        new("knorm", "arXiv 2406.11430", "The keys with the smallest norm.", true, [], _ => new KNorm()),
        new("streaming-llm", "arXiv 2309.17453", "The first four tokens and the most recent ones.", false, [], _ => new StreamingLlm()),
        new("random", "-", "Random tokens: the floor of every comparison.", false,
            RandomKeepOptions.Table.Describe(new RandomKeepOptions()),
            o => new RandomKeep(RandomKeepOptions.Table.Read(new RandomKeepOptions(), o))),
    ];

    /// <summary>The options of a method that has none.</summary>
    internal static IReadOnlyDictionary<string, string> NoOptions { get; } = new Dictionary<string, string>();

    /// <summary>Finds a method by name.</summary>
    /// <exception cref="StarKvException">The name is unknown.</exception>
    public static MethodEntry Get(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return All.FirstOrDefault(m => m.Name == name)
            ?? throw new StarKvException(
                $"method '{name}' is unknown; the methods are "
                    + $"{string.Join(", ", All.Select(m => m.Name))}.{Nearest.Hint(name, All.Select(m => m.Name))}");
    }

    /// <summary>Creates a method by name.</summary>
    /// <param name="name">A name of <see cref="All"/>.</param>
    /// <param name="options">
    /// Options by name; for a method with <see cref="MethodEntry.Presets"/> also <c>preset</c>, on which the others build.
    /// </param>
    /// <exception cref="StarKvException">The name or an option is unknown, or a value is out of bounds.</exception>
    public static ICompressionMethod Create(string name, IReadOnlyDictionary<string, string>? options = null)
    {
        var entry = Get(name);
        options ??= new Dictionary<string, string>();
        return entry.Options.Count == 0 && options.Count > 0
            ? throw new StarKvException($"{name} has no options, but {string.Join(", ", options.Keys)} was given.")
            : entry.Create(options);
    }

    /// <summary>A method whose options build on the preset that they name, or on the first one.</summary>
    private static MethodEntry WithPresets<T>(
        string name,
        string paper,
        string summary,
        bool perHead,
        OptionTable<T> table,
        Func<T, ICompressionMethod> create,
        params (string Name, string Meaning, T Options)[] presets)
    {
        return new MethodEntry(name, paper, summary, perHead, table.Describe(presets[0].Options), Create)
        {
            Presets = [.. presets.Select(p => new MethodPreset(p.Name, p.Meaning, table.Describe(p.Options)))],
        };

        ICompressionMethod Create(IReadOnlyDictionary<string, string> options)
        {
            var preset = options.GetValueOrDefault("preset", presets[0].Name);
            var chosen = Array.FindIndex(presets, p => p.Name == preset);
            return chosen < 0
                ? throw new StarKvException(
                    $"{name}: preset is '{preset}'; it must be "
                        + $"{string.Join(" or ", presets.Select(p => p.Name))}.{Nearest.Hint(preset, presets.Select(p => p.Name))}")
                : create(table.Read(presets[chosen].Options, options.Where(o => o.Key != "preset").ToDictionary()));
        }
    }
}
