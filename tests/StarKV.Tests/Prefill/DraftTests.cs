using StarKV.Budget;
using StarKV.Compact;
using StarKV.Decode;
using StarKV.Observe;
using StarKV.Score;
using StarKV.Score.Wrappers;
using StarKV.Tests.Score;
using StarKV.Text;
using static TorchSharp.torch;

namespace StarKV.Tests.Prefill;

/// <summary>Drafts that are written before a cache is chosen, on the shipped model.</summary>
public sealed class DraftTests(MiniSteps mini) : IClassFixture<MiniSteps>
{
    private const int Tokens = 8;

    private static readonly KvBudget s_budget = KvBudget.Keep(0.2);

    [Theory]
    [InlineData(0.1)]
    [InlineData(0.5)]
    public void It_is_what_its_cache_s_method_alone_writes(double keep) => TorchThread.Run(() =>
    {
        using var read = mini.Read(mini.Prompt, new Compression(new Laq(), KvBudget.Keep(keep)));
        using var alone = mini.Read(mini.Prompt, new Compression(new Laq().Draft.Method, KvBudget.Keep(keep)));
        var bytes = (long)mini.Prompt.Length * (alone.Cache.NBytes / alone.Cache.Layers[0].Length);
        Assert.Equal(bytes + alone.Cache.Layers.Sum(l => l.AllocatedBytes / (l.Length + 64) * (l.Length + Tokens)), read.Draft!.HeldBytes);
        Assert.Equal(mini.Greedy(alone, Tokens), read.Draft.Tokens);
        Assert.InRange(read.DraftTime, TimeSpan.FromTicks(1), TimeSpan.FromMinutes(1));
        Assert.Equal((null, TimeSpan.Zero), (alone.Draft, alone.DraftTime));
        Assert.All(read.Cache.Layers, l => Assert.Null(l.PeekWindow()));
    });

    [Fact]
    public void On_a_full_cache_its_queries_are_those_of_its_tokens_behind_the_prompt() => TorchThread.Run(() =>
    {
        using var scope = NewDisposeScope();
        using var drafted = new Spy(new DraftRequest(new Full(), 5));
        using var whole = new Spy(null, 5);
        var draft = mini.Read(mini.Prompt, new Compression(drafted, s_budget)).Draft!;
        mini.Read(mini.Prompt.Then(MiniSteps.Answer(draft.Tokens)), new Compression(whole, s_budget)).Dispose();
        Assert.Equal(mini.Model.Text.Layers, drafted.Seen.Count);
        foreach (var (seen, read) in drafted.Seen.Zip(whole.Seen))
        {
            Close(read.Queries, seen.DraftQueries!);
            // The rows are all rows of the prompt, and of it alone.
            Close(read.Keys.narrow(1, 0, mini.Prompt.Length), seen.Keys);
        }
    });

    [Fact]
    public void On_a_compressed_cache_its_queries_are_those_that_its_tokens_have_there() => TorchThread.Run(() =>
    {
        using var scope = NewDisposeScope();
        using var spy = new Spy(new DraftRequest(new SnapKv(), 5) { Budget = KvBudget.Tokens(40) });
        mini.Read(mini.Prompt, new Compression(spy, s_budget)).Dispose();
        using var alone = mini.Read(mini.Prompt, new Compression(new SnapKv(), KvBudget.Tokens(40)));
        foreach (var layer in alone.Cache.Layers)
            layer.OpenWindow(zeros_like(spy.Seen[0].DraftQueries!));
        // The last of the tokens is not read.
        mini.Greedy(alone, 6);
        foreach (var (seen, layer) in spy.Seen.Zip(alone.Cache.Layers))
            Close(layer.PeekWindow()!, seen.DraftQueries!);
        // Which are not those of a full cache.
        using var full = new Spy(new DraftRequest(new Full(), 5));
        mini.Read(mini.Prompt, new Compression(full, s_budget)).Dispose();
        Assert.True((full.Seen[^1].DraftQueries! - spy.Seen[^1].DraftQueries!).abs().max().item<float>() > 1e-3f);
    });

    [Theory]
    [InlineData("paper")]
    [InlineData("plus")]
    [InlineData("reference")]
    public void The_rows_that_stay_are_those_of_a_plain_selection_from_queries_and_keys(string preset) => TorchThread.Run(() =>
    {
        using var scope = NewDisposeScope();
        var method = Methods.Create("laq", new Dictionary<string, string> { ["preset"] = preset });
        using var spy = new Spy(method.Draft, inner: method);
        using var read = mini.Read(mini.Prompt, new Compression(spy, s_budget));
        var options = LaqOptions.Table.Read(new LaqOptions(), method.Options!);
        Assert.Equal(mini.Model.Text.Layers, spy.Seen.Count);
        foreach (var (o, layer) in spy.Seen.Zip(read.Cache.Layers))
        {
            var (scores, kept) = (LaqReference.Scores(o, options, read.Draft!.Tokens.Count), layer.TokensOfRows());
            for (var head = 0; head < scores.Length; head++)
            {
                long[] given = [.. Enumerable.Range(0, layer.Length).Select(i => kept[head, i])];
                var wanted = LaqReference.Kept(scores[head], layer.Length, o.Window);
                // Maxima are equal over a kernel's width, and of equal scores any may stay.
                double[] Worth(long[] rows) => [.. rows.Where(t => t < o.Past).Select(t => scores[head][t]).Order()];
                Assert.Equal(given.Order(), given);
                Assert.All(Worth(wanted).Zip(Worth(given)), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
                Assert.Equal(wanted[^o.Window..], given[^o.Window..]);
            }
        }
    });

    [Fact]
    public void Caches_of_one_reading_have_their_own_drafts() => TorchThread.Run(() =>
    {
        Compression[] compressions =
        [
            new(new Laq(), KvBudget.Keep(0.05)), new(new Laq(LaqOptions.Plus), KvBudget.Keep(0.3)), new(new SnapKv(), s_budget),
            new(new EqualBytes(new Laq(new LaqOptions { Granularity = Granularity.QueryHead }), 2), s_budget),
            new(new Laq(new LaqOptions { DraftKeep = 0.6 }), s_budget),
            new(new Protected(new Laq(), new ProtectedTokens { Answers = true }), KvBudget.Keep(0.4)),
            new(new ImageShare(new Laq()), KvBudget.Keep(0.1)),
        ];
        var together = mini.ReadEach(mini.Prompt, compressions);
        foreach (var (compression, result) in compressions.Zip(together))
        {
            using var both = result;
            using var alone = mini.Read(mini.Prompt, compression);
            Assert.Equal(compression.Method.Draft is null, both.Draft is null);
            Assert.Equal(alone.Draft?.Tokens, both.Draft?.Tokens);
            Assert.Equal(alone.Draft?.HeldBytes, both.Draft?.HeldBytes);
            Assert.All(alone.Cache.Layers.Zip(both.Cache.Layers), pair => Assert.Equal(pair.First.TokensOfRows(), pair.Second.TokensOfRows()));
        }
    });

    [Fact]
    public void A_wrapper_s_promise_holds_for_the_draft_s_cache_too() => TorchThread.Run(() =>
    {
        var what = new ProtectedTokens { System = true };
        var needed = what.In(mini.Prompt).Count + 1;
        var (method, budget) = (new Protected(new Laq(), what), KvBudget.Tokens(needed));
        using var read = mini.Read(mini.Prompt, new Compression(method, budget));
        using var draft = mini.Read(mini.Prompt, DraftCompactor.Of(method.Draft!, new Compression(method, budget)));
        Assert.All(draft.Cache.Layers, l => Assert.Equal(
            [.. what.In(mini.Prompt).Select(t => (long)t), mini.Prompt.Length - 1L], l.TokensOfRows().Cast<long>().Take(needed)));
        Assert.Equal(mini.Greedy(draft, Tokens), read.Draft!.Tokens);
        // One row less, and neither fits.
        Assert.Contains("protected tokens and a window of 1 do not fit", Assert.Throws<StarKvException>(() =>
            mini.Read(mini.Prompt, new Compression(method, KvBudget.Tokens(needed - 1)))).Message, StringComparison.Ordinal);
    });

    [Fact]
    public void Behind_a_cache_it_is_written_on_its_rows_and_the_new_ones() => TorchThread.Run(() =>
    {
        var (history, kept) = (MiniSteps.Part(mini.Prompt, 0, mini.Turns()[2]), new Compression(new SnapKv(), KvBudget.Keep(0.4)));
        using var read = mini.Continue(mini.Read(history, kept), mini.Prompt, new Compression(new Laq(), s_budget));
        using var alone = mini.Continue(mini.Read(history, kept), mini.Prompt, new Compression(new Laq().Draft.Method, s_budget));
        Assert.Equal(mini.Greedy(alone, Tokens), read.Draft!.Tokens);
    });

    [Fact]
    public void Where_everything_fits_none_is_written() => TorchThread.Run(() =>
    {
        using var read = mini.Read(mini.Prompt, new Compression(new Laq(), KvBudget.All));
        Assert.Null(read.Draft);
        Assert.All(read.Cache.Layers, l => Assert.True(l.KeepsWholePrompt));
    });

    [Fact]
    public void An_empty_or_short_one_leaves_the_window_and_what_there_is() => TorchThread.Run(() =>
    {
        using var whole = mini.Read(mini.Prompt, new Compression(new Laq(), s_budget));
        var written = whole.Draft!.Tokens;
        foreach (var count in new[] { 0, 3 })
        {
            using var scope = NewDisposeScope();
            using var spy = new Spy(new Laq().Draft, inner: new Laq());
            Assert.DoesNotContain(written[count], written.Take(count));
            using var read = mini.Read(mini.Prompt, new Compression(spy, s_budget), Writer(token => token == written[count]));
            Assert.Equal(written.Take(count), read.Draft!.Tokens);
            Assert.All(spy.Seen, o => Assert.Equal(count, o.DraftQueries is { } queries ? queries.shape[1] : 0));
        }

        // An answer of two tokens has a draft of two.
        using var brief = mini.Read(mini.Prompt, new Compression(new Laq(), s_budget), Writer(_ => false, 2));
        Assert.Equal(written.Take(2), brief.Draft!.Tokens);
    });

    [Fact]
    public void Nothing_stays_however_the_reading_ends() => TorchThread.Run(() =>
    {
        var live = TorchThread.Live;
        using (NewDisposeScope())
        {
            mini.Read(mini.Prompt, new Compression(new Laq(), s_budget)).Dispose();
            mini.Read(mini.Prompt, new Compression(new EveryNTokens(new Laq(), 4), s_budget)).Dispose();
            Assert.Throws<InvalidTimeZoneException>(() =>
                mini.Read(mini.Prompt, new Compression(new Laq(), s_budget), Writer(_ => throw new InvalidTimeZoneException())));
            using var stop = new CancellationTokenSource();
            Assert.Throws<OperationCanceledException>(() => mini.Read(
                mini.Prompt, new Compression(new Laq(), s_budget), Writer(_ =>
                {
                    stop.Cancel();
                    return false;
                }), stop.Token));
            using var failing = new Spy(new Laq().Draft, inner: new Failing());
            Assert.Throws<InvalidTimeZoneException>(() => mini.Read(mini.Prompt, new Compression(failing, s_budget)));
        }

        Assert.Equal(live, TorchThread.Live);
    });

    [Fact]
    public void Without_a_writer_the_method_says_what_is_missing_and_others_go_on() => TorchThread.Run(() =>
    {
        var outcomes = mini.ReadApart([new Compression(new Laq(), s_budget), new Compression(new SnapKv(), s_budget), new Compression(new Laq(), KvBudget.All)]);
        Assert.Equal(
            "laq looks at a draft of the answer; give PrefillOptions.Drafts one that writes it, a DraftWriter.",
            Assert.IsType<StarKvException>(outcomes[0].Error).Message);
        outcomes[1].OrThrow().Dispose();
        outcomes[2].OrThrow().Dispose();
    });

    [Fact]
    public void While_the_answer_is_compressed_the_last_queries_look() => TorchThread.Run(() =>
    {
        using var read = mini.Read(mini.Prompt, new Compression(new EveryNTokens(new Laq(LaqOptions.Plus), 4), s_budget));
        mini.Greedy(read, 9);
        Assert.All(read.Cache.Layers, l => Assert.Equal(read.Cache.Layers[0].PromptRows, l.Length));
    });

    private DraftWriter Writer(Predicate<int> isEnd, int longest = 20) => new(mini.Model.Text, new GenerationOptions { MaxNewTokens = longest }, 1, isEnd);

    private static void Close(Tensor expected, Tensor actual)
    {
        Assert.Equal(expected.shape, actual.shape);
        Assert.InRange((expected - actual).abs().max().item<float>(), 0, 2e-5f + 1e-4f * expected.abs().max().item<float>());
    }

    /// <summary>Notes what each layer shows, and owns the tensors.</summary>
    private sealed class Spy(DraftRequest? draft, int window = 1, ICompressionMethod? inner = null) : ICompressionMethod, IDisposable
    {
        public List<LayerObservation> Seen { get; } = [];

        public string Name => "spy";

        public DraftRequest? Draft => draft;

        public int Window(TokenMap prompt) => inner?.Window(prompt) ?? window;

        public Tensor Score(in LayerObservation observation, LayerMemory memory)
        {
            Seen.Add(observation with
            {
                Queries = Kept(observation.Queries),
                Keys = Kept(observation.Keys),
                Values = Kept(observation.Values),
                DraftQueries = observation.DraftQueries is { } queries ? Kept(queries) : null,
            });
            return inner?.Score(observation, memory) ?? zeros(observation.KvHeads, observation.Past);
        }

        public void Dispose() => Seen.ForEach(o => Array.ForEach([o.Queries, o.Keys, o.Values, o.DraftQueries], t => t?.Dispose()));

        private static Tensor Kept(Tensor tensor) => tensor.clone().DetachFromDisposeScope();
    }

    private sealed class Failing : ICompressionMethod
    {
        public string Name => "failing";

        public int Window(TokenMap prompt) => 1;

        public Tensor Score(in LayerObservation observation, LayerMemory memory) => throw new InvalidTimeZoneException();
    }
}
