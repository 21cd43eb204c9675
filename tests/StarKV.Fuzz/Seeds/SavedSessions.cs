using StarKV.Budget;
using StarKV.Cache;
using StarKV.Input;
using StarKV.Models;
using StarKV.Runtime;
using StarKV.Score;
using StarKV.Sessions;
using StarKV.Text;
using static TorchSharp.torch;

namespace StarKV.Fuzz.Seeds;

/// <summary>Sessions of a model that is nothing but its sizes.</summary>
internal static class SavedSessions
{
    private const string Config =
        """
        {"model_type":"qwen2_5_vl","vocab_size":64,"hidden_size":8,"intermediate_size":8,"num_hidden_layers":2,"num_attention_heads":4,
         "num_key_value_heads":2,"rope_scaling":{"type":"mrope","mrope_section":[1,0,0]},"image_token_id":5,"video_token_id":6,
         "vision_start_token_id":7,"vision_end_token_id":8,"vision_config":{"hidden_size":16,"num_heads":2,"out_hidden_size":8,"depth":1,"fullatt_block_indexes":[0]}}
        """;

    private static readonly (int Start, int End) s_words = (1, 2);

    /// <summary>The model.</summary>
    public static SessionModel Model { get; } = new(ModelConfig.Parse(Config).Text, Compute.Choose("cpu"), SmartResize.Default, "5e");

    /// <summary>A session's file: with every storage, with rows for each head, and before its first step.</summary>
    public static IEnumerable<byte[]> Files()
    {
        foreach (var storage in Enum.GetValues<KvStorage>())
            yield return Of(storage, new StarKv());
        yield return Of(KvStorage.Evict, new SnapKv());
        yield return Of(KvStorage.Lossless, new StarKv(), begun: false);
    }

    private static byte[] Of(KvStorage storage, ICompressionMethod method, bool begun = true)
    {
        using var scratch = new Run.Scratch();
        using var memory = new LayerMemory();
        var path = Path.Combine(scratch.Folder, "session");
        var style = new PromptStyle("mini", "{instruction}", "Act.", InstructionPosition.First) { History = new OpenCuaHistory("{thought}") };
        var options = new SessionOptions
        {
            Method = method,
            Budget = KvBudget.Tokens(6),
            Storage = storage,
            FrameWindow = 3,
            AnswerWindow = 1,
            PastActions = ["wait()"],
            Protect = new() { Instruction = true, Boxes = [new(0, 0, 0.5, 1)] },
            Generation = new() { StopStrings = ["\n"] },
        };
        var frame = new SessionFrame(null, new string('a', 64), new ShownSize(PatchGrid.FromSize(84, 56), 80, 60));
        List<SessionTurn> turns = [new([], null, "wait()"), new([], null, "") { Left = true }];
        if (begun)
            turns.Add(new([frame], "go", "click"));
        using var rows = begun ? Rows(frame, storage, method is SnapKv) : null;
        for (var layer = 0; begun && layer < Model.Text.Layers; layer++)
            Remember(memory, layer, storage, method is StarKv);
        new SavedSession(options, style, "Click", turns, begun ? new HashSet<SessionFrame> { frame } : [], rows, memory).Write(path, Model, default);
        return File.ReadAllBytes(path);
    }

    /// <summary>One token of the system, one of the user, a screenshot of 2×3, and two of the answer.</summary>
    private static SessionRows Rows(SessionFrame frame, KvStorage storage, bool perHead)
    {
        TokenClass[] classes = [TokenClass.System, TokenClass.User, .. Enumerable.Repeat(TokenClass.Vision, 6), TokenClass.Assistant, TokenClass.Assistant];
        var tokens = new TokenMap([1, 2, 5, 5, 5, 5, 5, 5, 9, 10], classes, [new FrameSpan(2, 8, 2, 3)])
        {
            Instruction = s_words,
            Messages = MessageSpan.UntilTheNext([(0, TokenClass.System), (1, TokenClass.User), (8, TokenClass.Assistant)], 10),
            OpensAnswer = true,
        };
        var positions = MRopePositions.Compute(tokens);
        var shape = Model.Shape;
        KvStore? store = null;
        if (storage != KvStorage.Evict)
        {
            using var none = new KvStore(shape);
            var count = storage == KvStorage.Lossless ? 10 : 8;
            var blocks = KvBlock.For(shape, count, Model.Compute);
            foreach (var block in blocks)
                block.Rows.fill_(0.5);
            store = none.Then(blocks, count);
            foreach (var block in blocks)
                block.Release();
        }

        return new SessionRows(tokens, positions, [frame.Hash], store, storage == KvStorage.Lossless ? null : Cache(tokens, positions, perHead));
    }

    private static KvCache Cache(TokenMap tokens, MRopePositions positions, bool perHead)
    {
        var cache = new KvCache(tokens, positions);
        for (var layer = 0; layer < Model.Text.Layers; layer++)
        {
            using var scope = NewDisposeScope();
            // The first layer keeps everything.
            var held = layer == 0 ? arange(10, ScalarType.Int64).unsqueeze(0) : tensor(new long[] { 0, 4, 8, 9, 1, 2, 8, 9 }, [2, 4]);
            held = perHead ? held : held.narrow(0, 0, 1).clone();
            var rows = ones([2, held.shape[1], Model.Text.HeadDim]);
            cache.Add(new KvLayer(rows, rows.clone(), held, 1, layer == 0, 10));
        }

        return cache;
    }

    private static void Remember(LayerMemory memory, int layer, KvStorage storage, bool states)
    {
        using var scope = NewDisposeScope();
        if (storage == KvStorage.Evict)
            memory.For<StarKV.Score.Wrappers.HighestScores>(layer).Note(arange(10, ScalarType.Int64).unsqueeze(0), zeros([2, 10]));
        if (!states)
            return;
        var state = memory.For<StarKvState>(layer);
        state.Prefills = 2;
        state.Information = StarKvState.Keep(zeros([2], ScalarType.Float64));
        state.Pattern = StarKvState.Keep(zeros([2, 6]));
        state.Temperature = StarKvState.Keep(ones([1, 1]));
    }
}
