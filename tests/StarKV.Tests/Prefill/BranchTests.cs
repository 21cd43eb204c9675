using StarKV.Budget;
using StarKV.Compact;
using StarKV.Observe;
using StarKV.Score;
using StarKV.Text;
using static TorchSharp.torch;

namespace StarKV.Tests.Prefill;

/// <summary>Texts that are read behind the prompt, on the shipped model.</summary>
public sealed class BranchTests(MiniSteps mini) : IClassFixture<MiniSteps>
{
    private static readonly int[][] s_texts = [[5, 301, 77, 1200], [90, 12], [5, 301, 78]];

    [Fact]
    public void Each_attends_as_if_it_stood_behind_the_prompt_alone() => TorchThread.Run(() =>
    {
        using var scope = NewDisposeScope();
        var looks = new List<(Tensor Weights, IReadOnlyList<(int Start, int End)> Spans)>();
        mini.Read(mini.Prompt, new Compression(new Looking(looks), KvBudget.Keep(0.3)) { Branches = s_texts }).Dispose();
        Assert.Equal(mini.Model.Text.Layers, looks.Count);
        foreach (var (text, number) in s_texts.Select((t, i) => (t, i)))
        {
            var windows = new List<Tensor>();
            mini.Read(mini.Prompt.Then(MiniSteps.Answer(text)), new Compression(new Window(text.Length, windows), KvBudget.Keep(0.3))).Dispose();
            SameAs(windows, looks, number, mini.Prompt.Length);
        }
    });

    [Fact]
    public void Behind_a_cache_they_see_its_rows_and_the_new_ones() => TorchThread.Run(() =>
    {
        using var scope = NewDisposeScope();
        var (history, looks) = (MiniSteps.Part(mini.Prompt, 0, mini.Turns()[2]), new List<(Tensor Weights, IReadOnlyList<(int Start, int End)> Spans)>());
        var kept = new Compression(new SnapKv(), KvBudget.Keep(0.4));
        mini.Continue(mini.Read(history, kept), mini.Prompt, new Compression(new Looking(looks), KvBudget.Keep(0.3)) { Branches = s_texts }).Dispose();
        foreach (var (text, number) in s_texts.Select((t, i) => (t, i)))
        {
            var windows = new List<Tensor>();
            mini.Continue(
                mini.Read(history, kept), mini.Prompt.Then(MiniSteps.Answer(text)),
                new Compression(new Window(text.Length, windows), KvBudget.Keep(0.3))).Dispose();
            SameAs(windows, looks, number, (int)windows[0].shape[2] - text.Length);
        }
    });

    [Fact]
    public void They_leave_nothing_behind() => TorchThread.Run(() =>
    {
        var live = TorchThread.Live;
        using (NewDisposeScope())
        {
            using var plain = mini.Read(mini.Prompt, new Compression(new SnapKv(), KvBudget.Keep(0.3)));
            using var read = mini.Read(mini.Prompt, new Compression(new Looking([], new SnapKv()), KvBudget.Keep(0.3)) { Branches = s_texts });
            Assert.Equal(plain.NextPosition, read.NextPosition);
            Assert.Equal(plain.Cache.NBytes, read.Cache.NBytes);
            for (var layer = 0; layer < plain.Cache.Layers.Count; layer++)
            {
                Assert.Equal(plain.Cache.Rows(layer), read.Cache.Rows(layer));
                Close(plain.Cache.Layers[layer].PeekKeys(), read.Cache.Layers[layer].PeekKeys());
            }

            Close(plain.Logits, read.Logits);
            Assert.Equal(mini.Greedy(plain), mini.Greedy(read));
        }

        Assert.Equal(live, TorchThread.Live);
    });

    [Fact]
    public void Caches_of_one_reading_see_their_own_branches_alone() => TorchThread.Run(() =>
    {
        using var scope = NewDisposeScope();
        Compression Of(params int[][] texts) => new(new Probe(), KvBudget.Keep(0.1)) { Branches = texts };
        Compression[] compressions = [Of(s_texts[0], s_texts[1]), Of(s_texts[1], s_texts[2]), Of(s_texts[2]), new(new SnapKv(), KvBudget.Keep(0.1))];
        var together = mini.ReadEach(mini.Prompt, compressions);
        foreach (var (compression, result) in compressions.Zip(together))
        {
            using var both = result;
            using var alone = mini.Read(mini.Prompt, compression);
            Assert.All(Enumerable.Range(0, alone.Cache.Layers.Count), layer => Assert.Equal(alone.Cache.Rows(layer), both.Cache.Rows(layer)));
        }
    });

    [Fact]
    public void Without_their_tokens_the_method_says_what_is_missing() => TorchThread.Run(() =>
    {
        var error = Assert.Throws<StarKvException>(() => mini.ReadEach(mini.Prompt, [new Compression(new Probe(), KvBudget.Keep(0.1))]));
        Assert.Equal("probe looks at texts that are read after the prompt; give their token ids, as Compression.For finds them.", error.Message);
    });

    [Fact]
    public void The_tokens_are_those_of_the_method_s_texts()
    {
        var tokenizer = QwenTokenizer.LoadFolder(Agent.MiniModel.Folder);
        var found = new Compression(new Probe(), KvBudget.All).For(tokenizer, new AnswerStyle(ActionLanguage.UiTars, WordsFirst: false)).Branches!;
        Assert.Equal(["Action: click(start_box='(300,200)')", "Action: type(content='"], found.Select(ids => tokenizer.Decode([.. ids])));
        Assert.Equal([14, 5], found.Select(ids => ids.Count));
    }

    /// <summary>The attention of a text's tokens behind the prompt, and of the branch, layer by layer.</summary>
    private void SameAs(List<Tensor> windows, List<(Tensor Weights, IReadOnlyList<(int Start, int End)> Spans)> looks, int number, int rows)
    {
        Assert.Equal(mini.Model.Text.Layers, windows.Count);
        foreach (var (window, look) in windows.Zip(looks))
        {
            var (start, end) = look.Spans[number];
            // What is not there lies on the branch's own tokens, as it does in the window: no other branch is seen.
            Close(window.narrow(2, 0, rows), look.Weights.narrow(1, start, end - start));
        }
    }

    private static void Close(Tensor expected, Tensor actual)
    {
        Assert.Equal(expected.shape, actual.shape);
        Assert.InRange((expected - actual).abs().max().item<float>(), 0, 2e-5f + 1e-4f * expected.abs().max().item<float>());
    }

    /// <summary>Keeps what its branches attend to.</summary>
    private sealed class Looking(List<(Tensor Weights, IReadOnlyList<(int Start, int End)> Spans)> looks, ICompressionMethod? inner = null) : ICompressionMethod
    {
        public string Name => "looking";

        public int Window(TokenMap prompt) => inner?.Window(prompt) ?? 1;

        public Tensor Score(in LayerObservation observation, LayerMemory memory)
        {
            if (inner is not null)
                return inner.Score(observation, memory);
            looks.Add((observation.Branches!.Weights().MoveToOuterDisposeScope().MoveToOuterDisposeScope(), observation.Branches.Spans));
            return zeros(observation.KvHeads, observation.Past);
        }
    }

    /// <summary>Keeps the attention of its window, [H, W, L], worked out in double precision.</summary>
    private sealed class Window(int count, List<Tensor> weights) : ICompressionMethod
    {
        public string Name => "window";

        int ICompressionMethod.Window(TokenMap prompt) => count;

        public Tensor Score(in LayerObservation observation, LayerMemory memory)
        {
            var keys = observation.Keys.to(ScalarType.Float64).repeat_interleave(observation.HeadsPerGroup, 0);
            var logits = observation.Queries.to(ScalarType.Float64).matmul(keys.transpose(1, 2)) / Math.Sqrt(keys.shape[2]);
            var future = ones(count, count, ScalarType.Bool).triu(1);
            logits.narrow(2, observation.Past, count).masked_fill_(future, double.NegativeInfinity);
            weights.Add(nn.functional.softmax(logits, -1).to(ScalarType.Float32).MoveToOuterDisposeScope().MoveToOuterDisposeScope());
            return zeros(observation.KvHeads, observation.Past);
        }
    }
}
