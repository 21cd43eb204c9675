using CsCheck;
using StarKV.Budget;
using StarKV.Observe;
using StarKV.Score;
using StarKV.Score.Wrappers;
using StarKV.Text;
using static TorchSharp.torch;

namespace StarKV.Tests.Score;

public sealed class LayerBudgetTests
{
    private const int Length = 100;

    private static int[] Rows(ILayerBudget budget, int tokens, int window, params double[] measures) =>
        [.. budget.Divide(KvBudget.Tokens(tokens), window, TestPrompts.Of(Length), Math.Max(3, measures.Length), measures).Select(p => p?.Rows ?? Length)];

    [Fact]
    public void Shares_give_way_from_the_largest_down() =>
        Assert.Equal([9, 9, 5, 2], LayerShares.WithinTotal([30, 12, 5, 0], 25, Length));

    [Fact]
    public void Shares_are_within_the_total_the_prompt_and_the_least() =>
        Gen.Select(Gen.Int[-5, 200].Array[1, 12], Gen.Int[2, Length]).Sample((rows, mean) =>
        {
            var shares = LayerShares.WithinTotal([.. rows], mean * rows.Length, Length);
            Assert.All(shares, r => Assert.InRange(r, KvBudget.MinTokens, Length));
            Assert.True(shares.Sum() <= mean * rows.Length);
            // Who wanted less than another gets no more than the other, the last row of an uneven rest apart.
            Assert.All(rows.Zip(shares), less => Assert.All(rows.Zip(shares), more => Assert.True(less.First >= more.First || less.Second <= more.Second + 1)));
        });

    [Fact]
    public void Missing_rows_are_taken_up_from_the_smallest_up() =>
        Assert.Equal([10, 7, 6, 6], LayerShares.FillSmallest([10, 7, 5, 2], 5, 10));

    [Fact]
    public void No_more_is_taken_up_than_fits() => Assert.Equal([10, 10], LayerShares.FillSmallest([10, 7], 9, 10));

    [Fact]
    public void Of_equal_layers_the_first_gives_way_and_the_first_takes_up()
    {
        Assert.Equal([4, 5, 5], LayerShares.TrimLargest([5, 5, 5], 1, 2));
        Assert.Equal([2, 4, 4, 5], LayerShares.TrimLargest([2, 5, 5, 5], 2, 2));
        Assert.Equal([4, 3, 3], LayerShares.FillSmallest([3, 3, 3], 1, 9));
        Assert.Equal([9, 4, 4, 3], LayerShares.FillSmallest([9, 3, 3, 3], 2, 9));
    }

    [Fact]
    public void No_layer_gives_way_below_the_least_and_none_without_an_excess()
    {
        Assert.Equal([3, 3], LayerShares.TrimLargest([5, 4], 9, 3));
        Assert.Equal([5, 4], LayerShares.TrimLargest([5, 4], 0, 3));
        Assert.Equal([5, 4], LayerShares.FillSmallest([5, 4], 0, 9));
    }

    [Fact]
    public void The_pyramid_stands_as_long_as_twice_the_mean_fits_into_the_prompt()
    {
        // m = 50 of 100: the first layer may keep 2m − ⌊m/20⌋ = 98 of the past, which is all of it. With one row more m is 51, and all are alike.
        Assert.Equal([100, 52, 4], Rows(new PyramidBudget(20), 52, 2));
        Assert.Equal([53, 53, 53], Rows(new PyramidBudget(20), 53, 2));
    }

    [Fact]
    public void Sparse_layers_keep_less() => Assert.Equal([30, 15, 15], Rows(new SparsityBudget(), 20, 2, 0.5, 0.75, 0.75));

    [Fact]
    public void A_layer_s_share_is_that_of_the_sum() =>
        // Of 60 rows 8, 4 and 2 fourteenths: 34.3, 17.1 and 8.6.
        Assert.Equal([34, 17, 8], Rows(new SparsityBudget(), 20, 2, 0.2, 0.6, 0.8));

    [Fact]
    public void A_layer_that_keeps_the_prompt_has_no_plan()
    {
        Assert.Equal([null, new(2, 50), new(2, 50)], new SparsityBudget().Divide(KvBudget.Tokens(70), 2, TestPrompts.Of(Length), 3, [0.5, 0.75, 0.75]));
        Assert.Equal([null, new(8, 89), new(8, 89)], Entropy().Divide(KvBudget.Tokens(98), 8, TestPrompts.Of(Length), 3, [1.25, 1, 1]));
    }

    [Fact]
    public void Where_everything_fits_no_measures_are_needed()
    {
        Assert.Equal([null, null, null], new SparsityBudget().Divide(KvBudget.All, 8, TestPrompts.Of(Length), 3, []));
        Assert.Equal([null, null, null], Entropy().Divide(KvBudget.All, 8, TestPrompts.Of(Length), 3, []));
    }

    [Theory]
    [InlineData(9, 8, 1)]
    [InlineData(8, 7, 1)]
    [InlineData(5, 4, 1)]
    [InlineData(2, 1, 1)]
    public void A_window_that_fills_a_layer_of_vl_cache_shrinks_to_all_but_one(int rows, int window, int past) =>
        Assert.Equal(new KeepPlan(window, past), SparsityBudget.Plan(rows, 8, Length));

    [Fact]
    public void Sparsity_may_be_measured_on_the_embeddings() => TorchThread.Run(() =>
    {
        using var shared = new PromptTensors(CPU);
        var (layer, alike) = (new MethodScene("one-hot attention", 4, 2, 2).Layer(shared), new MethodScene("uniform attention", 4, 2, 2).Layer(shared));
        float Of(Sparsity sparsity) => new SparsityBudget(sparsity).Measure((layer with { MakeFedByEmbeddings = () => alike }).Observe(8, 9)).item<float>();
        Assert.Equal((new SparsityBudget().Measure(alike.Observe(8, 9)).item<float>(), true), (Of(Sparsity.Embeddings), Of(Sparsity.Chained) > 0.9));
        Assert.NotEqual(Of(Sparsity.Embeddings), Of(Sparsity.Chained));
    });

    [Fact]
    public void A_layer_without_any_dense_attention_keeps_the_least_share() =>
        // β would be 0, 1 and 0; clamped, ⌊60·0.001⌋ rows are none, which the least of two replaces; the other gives way to the prompt's length.
        Assert.Equal([2, 56, 2], Rows(new SparsityBudget(), 20, 1, 1, 0, 1));

    [Fact]
    public void Sparsity_never_exceeds_the_total() =>
        Gen.Select(Gen.Double[0, 1].Array[3, 9], Gen.Int[2, Length - 1], Gen.Int[1, 99]).Sample((measures, tokens, window) =>
            Assert.InRange(Rows(new SparsityBudget(), tokens, window, measures).Sum(), 1, tokens * measures.Length));

    [Fact]
    public void What_a_full_layer_does_not_need_is_not_given_to_sparser_ones() =>
        Assert.Equal([100, 52, 52], Rows(new SparsityBudget(), 70, 2, 0.5, 0.75, 0.75));

    [Fact]
    public void Sparsity_is_the_share_of_weights_up_to_a_hundredth() => TorchThread.Run(() =>
    {
        using var shared = new PromptTensors(CPU);
        // Two heads over one group of 10 keys, a window of 2. The first attends to key 0 alone, the second to all alike.
        var keys = zeros(1, 10, 4);
        keys[0, 0, 0] = 1;
        var queries = zeros(2, 2, 4);
        queries[0, TensorIndex.Colon, 0] = 100;
        var layer = new LayerInput(queries, keys, keys, new TokenNorms(keys[0], keys[0]), TestPrompts.Of(10), shared, 0);
        // Valid entries: 9 of the first query, 10 of the second. In the first head 8 and 9 of them are 0, in the second none is below 1/10.
        Assert.Equal(17.0 / 19 / 2, new SparsityBudget().Measure(layer.Observe(2, 5)).item<float>(), 1e-6);
    });

    [Fact]
    public void Entropy_keeps_the_total_to_the_row() =>
        Gen.Select(Gen.Double[0.75, 1.25].Array[3, 9], Gen.Int[2, Length], Gen.Int[1, 99]).Sample((measures, tokens, window) =>
            Assert.Equal(tokens * measures.Length, Rows(Entropy(), tokens, window, measures).Sum()));

    [Fact]
    public void Entropy_gives_the_others_what_a_layer_at_the_prompt_s_length_cannot_hold() =>
        Assert.Equal([100, 97, 97], Rows(Entropy(), 98, 8, 1.25, 1, 1));

    [Fact]
    public void Wide_attention_measures_hot_and_narrow_attention_cold() => TorchThread.Run(() =>
    {
        using var shared = new PromptTensors(CPU);
        float Of(string kind) => Entropy().Measure(new MethodScene(kind, 4, 2, 2).Layer(shared).Observe(8, 9)).item<float>();
        Assert.True(Of("uniform attention") is > 1.2f and <= 1.25f);
        Assert.InRange(Of("one-hot attention"), 0.75f, 1.0f);
    });

    private static EntropyBudget Entropy() => new(new AttentionOptions());

    [Fact]
    public void The_pyramid_makes_room_for_what_is_protected()
    {
        // m = 18: the last layer would keep ⌊18/20⌋ = 0 of the past beside the window of 2, the first 36.
        Assert.Equal([38, 20, 2], Rows(new PyramidBudget(20), 20, 2));
        var room = new RoomForProtected(new PyramidBudget(20), new ProtectedTokens { Boxes = [new ScreenRegion(0, 0, 1, 1)] });
        var prompt = TestPrompts.Of(45, (2, 5));
        var rows = room.Divide(KvBudget.Tokens(20), 2, prompt, 3, []).Select(p => p!.Value).ToArray();
        Assert.Equal([28, 20, 12], rows.Select(p => p.Rows));
        Assert.All(rows, p => Assert.True(p.Past >= 10));
    }

    [Fact]
    public void Plans_with_room_enough_stay_as_they_are()
    {
        var prompt = TestPrompts.Of(45, (2, 5));
        // The first layer keeps the whole prompt, the others their window of eight all but one.
        KeepPlan?[] plans = [null, new(7, 1), new(7, 1)];
        foreach (var what in new[] { new ProtectedTokens(), new ProtectedTokens { Boxes = [] } })
            Assert.Equal(plans, new RoomForProtected(new Given(plans), what).Divide(KvBudget.Tokens(40), 8, prompt, 3, []));
    }

    [Fact]
    public void A_layer_that_keeps_the_prompt_gives_way_to_one_that_needs_room() =>
        // Ten tokens and a window of two: the second layer lacks two of its twelve rows, the first gives them.
        Assert.Equal([98, 12], new RoomForProtected(new Given([null, new(2, 8)]), new ProtectedTokens { Boxes = [new ScreenRegion(0, 0, 1, 1)] })
            .Divide(KvBudget.Tokens(55), 2, TestPrompts.Of(45, (2, 5)), 2, []).Select(p => p!.Value.Rows));

    [Fact]
    public void A_budget_that_just_holds_what_is_protected_is_enough()
    {
        var what = new ProtectedTokens { Boxes = [new ScreenRegion(0, 0, 1, 1)] };
        Assert.Equal([12, 12], new RoomForProtected(new Given([new(2, 16), new(2, 4)]), what).Divide(KvBudget.Tokens(12), 2, TestPrompts.Of(45, (2, 5)), 2, []).Select(p => p!.Value.Rows));
        Assert.Throws<StarKvException>(() => new RoomForProtected(new Given([new(2, 15), new(2, 4)]), what).Divide(KvBudget.Tokens(11), 2, TestPrompts.Of(45, (2, 5)), 2, []));
    }

    /// <summary>A layer budget with these plans.</summary>
    private sealed class Given(IReadOnlyList<KeepPlan?> plans) : ILayerBudget
    {
        public string Name => "given";

        public IReadOnlyList<KeepPlan?> Divide(KvBudget budget, int window, TokenMap prompt, int layers, IReadOnlyList<double> measures) => plans;
    }

    [Fact]
    public void Room_is_made_in_every_layer_at_the_same_total() =>
        Gen.Select(Gen.Int[2, 60], Gen.Int[1, 20], Gen.Int[1, 30], Gen.Int[2, 8]).Sample((tokens, window, beta, layers) =>
        {
            var (prompt, what) = (TestPrompts.Of(30, (2, 4)), new ProtectedTokens { Boxes = [new ScreenRegion(0, 0, 1, 1)] });
            var plain = new PyramidBudget(beta).Divide(KvBudget.Tokens(tokens), window, prompt, layers, []);
            var room = new RoomForProtected(new PyramidBudget(beta), what);
            if (tokens < window + 8)
            {
                var message = Assert.Throws<StarKvException>(() => room.Divide(KvBudget.Tokens(tokens), window, prompt, layers, [])).Message;
                Assert.Contains($"8 protected tokens and a window of {window} do not fit into the {tokens} tokens that a budget of {tokens}t keeps of 68. Keep more or protect less.", message, StringComparison.Ordinal);
                return;
            }

            var plans = room.Divide(KvBudget.Tokens(tokens), window, prompt, layers, []);
            Assert.All(plans, p => Assert.True(p is null || p.Value.Past >= 8));
            Assert.Equal(plain.Sum(p => p?.Rows ?? 68), plans.Sum(p => p?.Rows ?? 68));
        });

    [Fact]
    public void Wrappers_around_one_another_make_room_for_all_that_they_protect()
    {
        var prompt = TestPrompts.Of(20, (2, 10), (2, 10));
        var inner = new Protected(new SnapKv(), new ProtectedTokens { Boxes = [new ScreenRegion(0, 0, 1, 1)] });
        var outer = new Protected(new EveryNTokens(inner, 4), new ProtectedTokens { Boxes = [new ScreenRegion(0, 0, 1, 1) { FramesAgo = 1 }] });
        Assert.Throws<StarKvException>(() => outer.LayerBudget.Divide(KvBudget.Tokens(47), 8, prompt, 2, []));
        Assert.All(outer.LayerBudget.Divide(KvBudget.Tokens(48), 8, prompt, 2, []), p => Assert.Equal(new KeepPlan(8, 40), p));
    }

    [Fact]
    public void Wrappers_show_what_they_wrap()
    {
        var wrapped = new EveryNTokens(new Protected(new VlCache(), new ProtectedTokens { System = true }), 7);
        Assert.Equal(("vl-cache", "sparsity", true, 7), (wrapped.Name, wrapped.LayerBudget.Name, wrapped.LayerBudget.NeedsMeasures, wrapped.AnswerInterval));
        Assert.Equal(7, new Protected(new EveryNTokens(new SnapKv(), 7), new ProtectedTokens()).AnswerInterval);
        Assert.Null(new SnapKv() is ICompressionMethod plain ? plain.AnswerInterval : 0);
        Assert.Equal(1, new EveryNTokens(new SnapKv(), 1).AnswerInterval);
        Assert.Contains("answer-interval is 0", Assert.Throws<StarKvException>(() => new EveryNTokens(new SnapKv(), 0)).Message, StringComparison.Ordinal);
    }
}
