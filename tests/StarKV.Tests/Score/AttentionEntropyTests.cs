using StarKV.Score;
using static TorchSharp.torch;

namespace StarKV.Tests.Score;

/// <summary>The entropy −Σ p·ln p / ln P of attention that sums to 1 (STaR-KV, arXiv 2606.01790), by hand.</summary>
public sealed class AttentionEntropyTests
{
    private static void Is(double wanted, params float[] attention) => TorchThread.Run(() => ExactLayer.Holds(AttentionEntropy.Of(tensor(attention).unsqueeze(0)), [wanted]));

    [Fact]
    public void Attention_to_all_alike_has_the_largest() => Is(1, 0.3f, 0.3f, 0.3f, 0.3f);

    [Fact]
    public void Attention_to_one_token_has_none() => Is(0, 0, 5, 0, 0);

    [Fact]
    public void Attention_to_two_of_four_has_half() => Is(0.5, 2, 0, 0, 2);

    [Fact]
    public void Attention_of_one_to_three_is_between() => Is((0.25 * Math.Log(4) + 0.75 * Math.Log(4 / 3.0)) / Math.Log(2), 2, 6);

    [Fact]
    public void One_token_has_none() => Is(0, 4);

    [Fact]
    public void No_attention_has_none() => Is(0, 0, 0, 0);

    [Fact]
    public void Each_row_has_its_own() => TorchThread.Run(() =>
        ExactLayer.Holds(AttentionEntropy.Of(tensor(new float[,] { { 1, 1, 1, 1 }, { 0, 3, 3, 0 } })), [1], [0.5]));
}
