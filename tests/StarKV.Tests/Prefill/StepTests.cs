using StarKV.Budget;
using StarKV.Cache;
using StarKV.Compact;
using StarKV.Observe;
using StarKV.Prefill;
using StarKV.Score;
using StarKV.Score.Wrappers;
using StarKV.Tests.Docs;
using StarKV.Text;
using static TorchSharp.torch;

namespace StarKV.Tests.Prefill;

/// <summary>Reading new tokens behind a kept cache, on the shipped model.</summary>
public sealed class StepTests(MiniSteps mini) : IClassFixture<MiniSteps>
{
    private static readonly MethodEntry[] s_entries = [.. Methods.All, ExtendAMethodTests.Entry];

    private static readonly string[] s_rows =
    [
        .. s_entries.Select(m => m.Name), "star-kv aeb-scope=head", "star-kv aeb-scope=layer-budget", "gui-kv basis=principal-subspace",
        "snapkv granularity=query-head", "gui-kv granularity=query-head", "st-lite preset=reference", "st-lite granularity=query-head", "snapkv value=on",
    ];

    public static TheoryData<string, int> EveryMethod { get; } = new(s_rows.SelectMany((row, i) => new[] { (row, 20 + i % 2 * 5), (row, 30 + i % 3 * 5) }));

    private static ICompressionMethod Create(string row) =>
        s_entries.Single(m => m.Name == row.Split(' ')[0]).Create(row.Split(' ').Skip(1).Select(o => o.Split('=')).ToDictionary(o => o[0], o => o[1]));

    public static TheoryData<string> Splits { get; } = new("two screenshots", "one screenshot", "its turn's end", "text", "one token");

    /// <summary>Where the second part begins.</summary>
    private int Split(string name) => name switch
    {
        "two screenshots" => mini.Prompt.Frames[1].Start - 1,
        "one screenshot" => mini.Prompt.Frames[2].Start - 1,
        "its turn's end" => mini.Prompt.Frames[2].Start,
        "text" => mini.Prompt.Frames[2].End,
        _ => mini.Prompt.Length - 1,
    };

    [Theory]
    [MemberData(nameof(Splits))]
    public void Two_parts_give_what_the_whole_gives(string split) => TorchThread.Run(() =>
    {
        using var whole = mini.Read(mini.Prompt);
        using var parts = mini.Continue(mini.Read(MiniSteps.Part(mini.Prompt, 0, Split(split))), mini.Prompt);
        SameAs(whole, parts);
        Assert.All(parts.Cache.Layers, layer => Assert.True(layer.KeepsWholePrompt));
    });

    [Fact]
    public void Steps_with_answers_in_between_give_what_the_whole_gives() => TorchThread.Run(() =>
    {
        var parts = mini.Read(MiniSteps.Part(mini.Prompt, 0, mini.Turns()[1]));
        for (var turn = 1; turn < 3; turn++)
        {
            // The last token of an answer is named but not read; the step reads it.
            var answer = mini.Greedy(parts, 9);
            Assert.Equal(parts.Cache.Prompt.Length + 8, parts.Cache.TokensSeen);
            var sequence = parts.Cache.Prompt.Then(MiniSteps.Answer(answer)).Then(MiniSteps.Part(mini.Prompt, mini.Turns()[turn], mini.Turns()[turn + 1]));
            parts = mini.Continue(parts, sequence);
        }

        using var read = parts;
        using var whole = mini.Read(parts.Cache.Prompt);
        SameAs(whole, parts);
    });

    /// <summary>Logits, keys, values, positions and the greedy answer are the same, but for rounding.</summary>
    private void SameAs(PrefillResult whole, PrefillResult parts)
    {
        Assert.Equal(whole.NextPosition, parts.NextPosition);
        Close(whole.Logits, parts.Logits);
        for (var layer = 0; layer < whole.Cache.Layers.Count; layer++)
        {
            Assert.Equal(whole.Cache.Rows(layer), parts.Cache.Rows(layer));
            Close(whole.Cache.Layers[layer].PeekKeys(), parts.Cache.Layers[layer].PeekKeys());
            Close(whole.Cache.Layers[layer].PeekValues(), parts.Cache.Layers[layer].PeekValues());
        }

        Assert.Equal(mini.Greedy(whole), mini.Greedy(parts));
    }

    private static void Close(Tensor expected, Tensor actual)
    {
        Assert.Equal(expected.shape, actual.shape);
        Assert.InRange((expected - actual).abs().max().item<float>(), 0, 1e-4f * expected.abs().max().item<float>());
    }

    [Theory]
    [MemberData(nameof(EveryMethod))]
    public void After_each_step_the_cache_holds_the_budget_of_all_tokens_seen(string row, int percent) => TorchThread.Run(() =>
    {
        var (method, turns) = (Create(row), mini.Turns());
        using var memory = new LayerMemory();
        var compression = new Compression(method, KvBudget.Parse($"{percent}%")) { Memory = memory };
        var read = mini.Read(MiniSteps.Part(mini.Prompt, 0, turns[1]), compression);
        for (var turn = 1; turn < 3; turn++)
        {
            var answer = mini.Greedy(read, 5);
            var sequence = read.Cache.Prompt.Then(MiniSteps.Answer(answer)).Then(MiniSteps.Part(mini.Prompt, turns[turn], turns[turn + 1]));
            var (seen, held) = (read.Cache.TokensSeen, read.Cache.Layers.Select(l => l.TokensOfRows()).ToList());
            read = mini.Continue(read, sequence, compression);
            Assert.Equal(sequence.Length, read.Cache.TokensSeen);
            CheckRows(method, compression.Budget, read.Cache, sequence.Length - seen, [.. held.Select(h => h.GetLength(1))]);
            CheckTokens(read.Cache, seen, held);
        }

        using var last = read;
        CheckKeys(last.Cache);
        Assert.Equal(5, mini.Greedy(last, 5).Count);
    });

    /// <summary>The budget's rows where the layers are alike or their shares are known, else no more than the budget in sum; never more than there are.</summary>
    private static void CheckRows(ICompressionMethod method, KvBudget budget, KvCache cache, int read, int[] held)
    {
        var (sequence, layers) = (cache.Prompt, cache.Layers.Count);
        var rows = cache.Layers.Select(l => l.Length).ToArray();
        var most = held.Select(h => h + read).ToArray();
        if (method.LayerBudget.NeedsMeasures)
        {
            Assert.All(rows.Zip(most), r => Assert.InRange(r.First, KvBudget.MinTokens, r.Second));
            Assert.InRange(rows.Sum(), budget.Capacity(sequence.Length) * layers * 0.7, budget.Capacity(sequence.Length) * layers);
            return;
        }

        var window = Math.Min(method.Window(sequence), read);
        var plans = method.LayerBudget.Divide(budget, window, sequence, layers, []);
        Assert.Equal(plans.Zip(most, (plan, all) => Math.Min(plan?.Rows ?? all, all)), rows);
    }

    /// <summary>Tokens ascend, what was dropped before stays away, and the last tokens are there.</summary>
    private static void CheckTokens(KvCache cache, int seen, List<long[,]> held)
    {
        for (var i = 0; i < cache.Layers.Count; i++)
        {
            var (before, tokens) = (Lists(held[i]), Lists(cache.Layers[i].TokensOfRows()));
            for (var head = 0; head < tokens.Count; head++)
            {
                Assert.Equal(tokens[head].Distinct().Order(), tokens[head]);
                Assert.Equal(cache.Prompt.Length - 1, tokens[head][^1]);
                Assert.Empty(tokens[head].Where(t => t < seen).Except(before[before.Count == 1 ? 0 : head]));
            }
        }
    }

    /// <summary>In the first layer a key is that of its token at its position, whatever was dropped around it: each row's must be the whole sequence's.</summary>
    private void CheckKeys(KvCache cache)
    {
        using var whole = mini.Read(cache.Prompt);
        var (layer, all) = (cache.Layers[0], whole.Cache.Layers[0].PeekKeys());
        var (keys, tokens) = (layer.PeekKeys(), Lists(layer.TokensOfRows()));
        for (var head = 0; head < keys.shape[0]; head++)
            Close(all[head / layer.HeadCopies].index_select(0, tensor(tokens[tokens.Count == 1 ? 0 : head])), keys[head]);
        foreach (var row in cache.Rows(0))
        {
            var known = whole.Cache.Rows(0)[row.Token];
            Assert.Equal(known, row);
            Assert.Equal(cache.Prompt.FrameOf[row.Token], row.Frame);
        }
    }

    private static List<long[]> Lists(long[,] tokens) => [.. tokens.Cast<long>().Chunk(tokens.GetLength(1))];

    [Theory]
    [InlineData("star-kv")]
    [InlineData("gui-kv")]
    [InlineData("vl-cache")]
    public void A_budget_in_tokens_stays_the_same_over_all_steps(string name) => TorchThread.Run(() =>
    {
        var compression = new Compression(Methods.Create(name), KvBudget.Tokens(100));
        var turns = mini.Turns();
        using var last = mini.Continue(mini.Continue(mini.Read(MiniSteps.Part(mini.Prompt, 0, turns[1]), compression), MiniSteps.Part(mini.Prompt, 0, turns[2]), compression), mini.Prompt, compression);
        Assert.Equal(100, last.Cache.Layers.Average(l => l.Length), 1.0);
        Assert.All(Enumerable.Range(0, last.Cache.Layers.Count), layer => Assert.Contains(last.Cache.Rows(layer), r => r.Frame == 2));
    });

    [Fact]
    public void Protected_tokens_stay_through_every_step_and_answer() => TorchThread.Run(() =>
    {
        var what = new ProtectedTokens { System = true };
        var compression = new Compression(new EveryNTokens(new Protected(new GuiKv(), what), 3), KvBudget.Keep(0.25));
        var turns = mini.Turns();
        var read = mini.Read(MiniSteps.Part(mini.Prompt, 0, turns[1]), compression);
        var wanted = what.In(read.Cache.Prompt).Select(t => (long)t).ToList();
        for (var turn = 2; turn < 4; turn++)
        {
            var answer = mini.Greedy(read, 8);
            read = mini.Continue(read, read.Cache.Prompt.Then(MiniSteps.Answer(answer)).Then(MiniSteps.Part(mini.Prompt, turns[turn - 1], turns[turn])), compression);
        }

        using var last = read;
        mini.Greedy(last, 8);
        Assert.NotEmpty(wanted);
        Assert.All(last.Cache.Layers, l => Assert.All(Lists(l.TokensOfRows()), head => Assert.Empty(wanted.Except(head))));
        // Seven of eight answer tokens were read, and the cache was compacted at three and six.
        Assert.All(last.Cache.Layers, l => Assert.Equal(l.PromptRows + 1, l.Length));
    });

    [Theory]
    [InlineData("full")]
    [InlineData("star-kv")]
    [InlineData("gui-kv")]
    [InlineData("vl-cache")]
    [InlineData("snapkv granularity=query-head")]
    public void A_step_leaves_as_many_tensors_as_it_found(string row) => TorchThread.Run(() =>
    {
        var compression = new Compression(Create(row), KvBudget.Keep(0.3));
        var start = TorchThread.Live;
        var before = mini.Read(MiniSteps.Part(mini.Prompt, 0, Split("one screenshot")), compression);
        var held = TorchThread.Live;
        var after = mini.Continue(before, mini.Prompt, compression);
        Assert.Equal(held, TorchThread.Live);
        after.Dispose();
        Assert.Equal(start, TorchThread.Live);
    });

    [Fact]
    public void A_cancelled_step_frees_the_cache() => TorchThread.Run(() =>
    {
        using var stop = new CancellationTokenSource();
        var compression = new Compression(new CancelAt(3, stop), KvBudget.Keep(0.3));
        var start = TorchThread.Live;
        Assert.Throws<OperationCanceledException>(() => mini.Continue(
            mini.Read(MiniSteps.Part(mini.Prompt, 0, Split("one screenshot"))), mini.Prompt, compression, stop.Token));
        Assert.Equal(start, TorchThread.Live);
    });

    /// <summary>A method that cancels while a layer is scored.</summary>
    private sealed class CancelAt(int layer, CancellationTokenSource stop) : ICompressionMethod
    {
        public string Name => "cancel";

        public int Window(TokenMap prompt) => 1;

        public Tensor Score(in LayerObservation observation, LayerMemory memory)
        {
            if (observation.Layer == layer)
                stop.Cancel();
            return ones([1, observation.Past]);
        }
    }

    [Theory]
    [InlineData("star-kv", "different tokens")]
    [InlineData("star-kv temporal=off", "different tokens")]
    [InlineData("streaming-llm", "different tokens")]
    [InlineData("random", "different tokens")]
    [InlineData("vl-cache sparsity=embeddings", "sparsity=chained")]
    public void What_a_method_cannot_choose_among_is_refused(string row, string reason) => TorchThread.Run(() =>
    {
        var start = TorchThread.Live;
        var before = mini.Read(MiniSteps.Part(mini.Prompt, 0, Split("one screenshot")), new Compression(new SnapKv(), KvBudget.Keep(0.3)));
        var error = Assert.Throws<StarKvException>(() => mini.Continue(before, mini.Prompt, new Compression(Create(row), KvBudget.Keep(0.3))));
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.Equal(start, TorchThread.Live);
    });

    [Fact]
    public void A_method_that_keeps_tokens_head_by_head_goes_on_from_any_cache() => TorchThread.Run(() =>
    {
        var first = MiniSteps.Part(mini.Prompt, 0, Split("one screenshot"));
        foreach (var before in new ICompressionMethod[] { new StarKv(), new KNorm(), new Full() })
        {
            using var read = mini.Continue(mini.Read(first, new Compression(before, KvBudget.Keep(0.3))), mini.Prompt, new Compression(new SnapKv(), KvBudget.Keep(0.3)));
            Assert.All(read.Cache.Layers, l => Assert.Equal(KvBudget.Keep(0.3).Capacity(mini.Prompt.Length), l.Length));
            CheckKeys(read.Cache);
        }
    });

    [Fact]
    public void A_sequence_that_does_not_go_on_from_the_cache_is_refused() => TorchThread.Run(() =>
    {
        var start = TorchThread.Live;
        var split = Split("one screenshot");
        Refused(MiniSteps.Part(mini.Prompt, 0, split), $"has seen {split} tokens, and the sequence has {split}");
        var other = mini.Prompt.Ids.ToArray();
        other[3] = 7;
        Refused(new TokenMap(other, mini.Prompt.Classes, mini.Prompt.Frames), "token 3 is 7");
        var runner = new PrefillRunner(mini.Model.Text);
        var error = Assert.Throws<StarKvException>(() => runner.Continue(mini.Read(MiniSteps.Part(mini.Prompt, 0, split)), mini.Prompt, [], Compression.None));
        Assert.Contains("1 screenshots among the tokens to read, but 0 were given", error.Message, StringComparison.Ordinal);
        Assert.Equal(start, TorchThread.Live);

        void Refused(TokenMap sequence, string reason) => Assert.Contains(
            reason, Assert.Throws<StarKvException>(() => mini.Continue(mini.Read(MiniSteps.Part(mini.Prompt, 0, split)), sequence)).Message, StringComparison.Ordinal);
    });
}
