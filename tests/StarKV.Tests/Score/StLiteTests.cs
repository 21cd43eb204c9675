using StarKV.Observe;
using StarKV.Score;
using StarKV.Text;
using static TorchSharp.torch;

namespace StarKV.Tests.Score;

/// <summary>ST-Lite (arXiv 2603.00188) by hand: which cells are salient, and which tokens of earlier screenshots pass.</summary>
public sealed class StLiteTests
{
    // A window of one token, no pooling, and a query that attends to all alike: each of L tokens has the attention 1 / L.
    private static readonly StLiteOptions s_plain = new()
    {
        Attention = new AttentionOptions { Window = 1, Kernel = 1 },
        Scale = StLiteScale.Plain,
        Gate = StLiteGate.Off,
    };

    private static double[][] Scores(StLiteOptions options, TokenMap prompt, float[][] vectors, int capacity = 3, Func<TokenNorms>? norms = null) => TorchThread.Run(() =>
    {
        using var memory = new LayerMemory();
        using var shared = new PromptTensors(CPU);
        var values = stack(vectors.Select(v => tensor(v))).unsqueeze(0);
        var layer = ExactLayer.Of(prompt, shared, [[.. Enumerable.Repeat(1f, prompt.Length)]], 0) with { Values = values };
        var scores = new StLite(options).Score((norms is null ? layer : layer with { Norms = norms() }).Observe(1, capacity), memory);
        return Enumerable.Range(0, (int)scores.shape[0]).Select(list => scores[list].to(ScalarType.Float64).data<double>().ToArray()).ToArray();
    });

    /// <summary>What is added to the attention.</summary>
    private static double[] Adds(StLiteOptions options, TokenMap prompt, params float[][] vectors) =>
        [.. Scores(options, prompt, vectors)[0].Select(s => s - 1.0 / prompt.Length)];

    private static void Near(double[] wanted, double[] found) => Assert.All(wanted.Zip(found), pair => Assert.Equal(pair.First, pair.Second, 1e-5));

    /// <summary>Vectors along the axes that are named, each of another length; −1 is a vector of zeros.</summary>
    private static float[][] Along(params int[] axes) => [.. axes.Select((axis, i) => Enumerable.Range(0, 4).Select(d => d == axis ? i + 1f : 0f).ToArray())];

    [Fact]
    public void A_cell_is_as_salient_as_its_neighbours_differ_from_it() => Near(
        // Eight of one kind around another: a corner has three neighbours, an edge five; one of each is the other kind.
        [0, 1 / 3.0, 0.2, 1 / 3.0, 0.2, 1, 0.2, 1 / 3.0, 0.2, 1 / 3.0],
        Adds(s_plain, TestPrompts.Of(1, (3, 3)), Along(3, 0, 0, 0, 0, 1, 0, 0, 0, 0, 3)));

    [Fact]
    public void Neighbours_are_those_of_the_screen_s_true_grid() =>
        // Two rows of three: the odd one is the last of the upper row, not beside the first of the lower one.
        Near([0, 0, 0.2, 1, 0, 0.2, 1 / 3.0], Adds(s_plain, TestPrompts.Of(1, (2, 3)), Along(3, 0, 0, 1, 0, 0, 0, 3)));

    [Fact]
    public void A_row_has_neighbours_beside_it_alone_and_one_cell_has_none()
    {
        Near([0, 1, 1, 0.5, 0], Adds(s_plain, TestPrompts.Of(1, (1, 4)), Along(3, 0, 1, 0, 0, 3)));
        Near([0, 0], Adds(s_plain, TestPrompts.Of(1, (1, 1)), Along(3, 0, 3)));
    }

    [Fact]
    public void Opposite_vectors_differ_most_and_the_strength_multiplies() => Near(
        [0, 1.5 * 2, 1.5 * 2],
        Adds(s_plain with { Alpha = 1.5 }, TestPrompts.Of(1, (1, 2)), [1, 1, 1, 1], [2, 0, 0, 0], [-3, 0, 0, 0], [1, 1, 1, 1]));

    [Fact]
    public void A_softmax_of_the_standardised_saliency_sums_to_one_over_each_screenshot()
    {
        // 1, 1, ½, 0: mean 0.625, sum of squares 0.6875, unbiased deviation √(0.6875 / 3).
        var z = new[] { 1, 1, 0.5, 0 }.Select(s => Math.Exp((s - 0.625) / Math.Sqrt(0.6875 / 3))).ToArray();
        Near([0, .. z.Select(e => e / z.Sum()), 0, 1], Adds(s_plain with { Scale = StLiteScale.Softmax }, TestPrompts.Of(1, (1, 4), (1, 1)), Along(3, 0, 1, 0, 0, 3, 2, 3)));
    }

    [Fact]
    public void The_last_screenshot_alone_is_looked_at_where_that_is_asked_for()
    {
        var (prompt, vectors) = (TestPrompts.Of(1, (1, 2), (1, 2)), Along(3, 0, 1, 3, 0, 1, 3));
        Near([0, 1, 1, 0, 1, 1], Adds(s_plain, prompt, vectors));
        Near([0, 0, 0, 0, 1, 1], Adds(s_plain with { Screens = StLiteScreens.Last }, prompt, vectors));
    }

    [Fact]
    public void Norms_are_smoothed_where_their_number_is_a_square_whatever_the_grid()
    {
        // Four cells in a row are taken for two by two: each is beside all others.
        float[][] row = [[9, 0, 0, 0], [1, 0, 0, 0], [0, 2, 0, 0], [0, 0, 3, 0], [0, 0, 0, 3], [9, 0, 0, 0]];
        var norms = s_plain with { Saliency = StLiteSaliency.Norms };
        Near([0, 1 + 1, 2 + 1, 3 + 1, 3 + 1], Adds(norms, TestPrompts.Of(1, (1, 4)), row));
        Near([0, 1, 2, 3], Adds(norms, TestPrompts.Of(1, (1, 3)), [.. row.Take(4), row[5]]));
    }

    [Fact]
    public void Vectors_without_length_and_equal_ones_give_numbers()
    {
        var options = StLiteOptions.Session with { Attention = s_plain.Attention };
        foreach (var vectors in new[] { Along(-1, -1, -1, -1, -1, -1, -1), Along(0, 0, 0, 0, 0, 0, 0) })
        {
            foreach (var saliency in Enum.GetValues<StLiteSaliency>())
                Assert.All(Scores(options with { Saliency = saliency }, TestPrompts.Of(1, (1, 2), (1, 2)), vectors, 2)[0], s => Assert.True(double.IsFinite(s) && s >= 0));
        }
    }

    // An earlier screenshot of four cells at 1 to 4, the last one of two at 6 and 7, of the axes 0 and 1. The cosines are √½, 0, 1 and √0.9.
    private static readonly TokenMap s_two = TestPrompts.Of(1, (1, 4), (1, 2));

    private static readonly float[][] s_history =
        [[0, 0, 0, 1], [1, 0, 1, 0], [0, 0, 5, 0], [0, 7, 0, 0], [3, 0, 0, 1], [0, 0, 0, 1], [1, 0, 0, 0], [0, 2, 0, 0], [0, 0, 0, 1]];

    private static int[] Closed(StLiteOptions options, int capacity, float[][]? vectors = null, Func<TokenNorms>? norms = null) =>
        [.. Scores(options with { Alpha = 0 }, s_two, vectors ?? s_history, capacity, norms)[0].Select((s, row) => (s, row)).Where(p => p.s == 0).Select(p => p.row)];

    [Theory]
    [InlineData(9, new int[0])]
    [InlineData(4, new int[0])]
    [InlineData(3, new[] { 3 })]
    [InlineData(2, new[] { 3, 4 })]
    public void As_many_earlier_tokens_pass_as_rows_are_kept_and_the_most_alike_do_not(int capacity, int[] closed) =>
        Assert.Equal(closed, Closed(s_plain with { Gate = StLiteGate.Budget }, capacity));

    [Theory]
    [InlineData(9, new int[0])]
    [InlineData(7, new int[0])]
    [InlineData(6, new[] { 3 })]
    [InlineData(4, new[] { 3, 4 })]
    [InlineData(2, new[] { 1, 3, 4 })]
    public void Or_the_share_that_is_kept_of_all_rows(int capacity, int[] closed) =>
        Assert.Equal(closed, Closed(s_plain with { Gate = StLiteGate.Share }, capacity));

    [Fact]
    public void Without_a_gate_all_pass() => Assert.Empty(Closed(s_plain, 2));

    [Fact]
    public void Of_tokens_that_are_alike_but_for_rounding_the_older_goes_first()
    {
        float[][] same = [.. s_history.Select((v, row) => row is >= 1 and <= 4 ? [1, row is 2 or 4 ? 1e-3f : 0, 0, 0] : v)];
        Assert.Equal([1, 2], Closed(s_plain with { Gate = StLiteGate.Budget }, 2, same));
    }

    [Fact]
    public void The_layer_s_inputs_are_compared_where_they_are_asked_for_and_there()
    {
        var input = s_plain with { Gate = StLiteGate.Budget, Vectors = StLiteVectors.Input };
        Assert.Equal([1, 2], Closed(input, 2, norms: () => new TokenNorms(Reversed(), Reversed().zeros_like())));
        Assert.Equal([1, 2], Closed(input with { Vectors = StLiteVectors.Residual }, 2, norms: () => new TokenNorms(Reversed().zeros_like(), Reversed())));
        // Of a layer that was held back the norms alone are left, of a step the inputs of the new rows: the values stand in.
        Assert.Equal([3, 4], Closed(input, 2, norms: () => new TokenNorms(ones(9, 1), ones(9, 1))));
        Assert.Equal([3, 4], Closed(input, 2, norms: () => new TokenNorms(Reversed().narrow(0, 5, 4), Reversed().narrow(0, 5, 4), 5)));

        // The earlier screenshot's vectors in reverse.
        static Tensor Reversed() => stack(Enumerable.Range(0, 9).Select(row => tensor(s_history[row is >= 1 and <= 4 ? 5 - row : row])));
    }

    [Fact]
    public void What_was_not_looked_at_keeps_its_attention()
    {
        Assert.All(Scores(StLiteOptions.Session with { Attention = s_plain.Attention }, TestPrompts.Of(9), s_history)[0], s => Assert.Equal(1.0 / 9, s, 1e-6));
        Assert.DoesNotContain(0, Scores(StLiteOptions.Session with { Attention = s_plain.Attention }, TestPrompts.Of(2, (1, 5)), s_history, 2)[0]);
    }
}
