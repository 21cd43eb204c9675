using StarKV.Models;

using static TorchSharp.torch;

namespace StarKV.Tests.Models.Qwen25Vl;

/// <summary>Attention of the last tokens of a sequence over all of it, beside plain arithmetic.</summary>
public sealed class AttendTests
{
    private const int Heads = 4, Dim = 8;

    [Theory]
    [InlineData(5, 5, 2)]
    [InlineData(3, 7, 2)]
    [InlineData(1, 6, 2)]
    [InlineData(4, 40, 1)]
    [InlineData(3, 7, 4)]
    public void New_tokens_see_every_kept_row_and_one_another_causally(int queries, int rows, int stored) => TorchThread.Run(() =>
    {
        var generator = new Generator(3, CPU);
        var (q, k, v) = (randn([Heads, queries, Dim], generator: generator), randn([stored, rows, Dim], generator: generator), randn([stored, rows, Dim], generator: generator));
        var attended = TextDecoder.Attend(q, k, v);
        Assert.Equal([queries, Heads * Dim], attended.shape);
        for (var head = 0; head < Heads; head++)
        {
            var of = head / (Heads / stored);
            for (var query = 0; query < queries; query++)
            {
                var seen = rows - queries + query + 1;
                var logits = Enumerable.Range(0, seen).Select(r => Enumerable.Range(0, Dim).Sum(d => (double)At(q, head, query, d) * At(k, of, r, d)) / Math.Sqrt(Dim)).ToArray();
                var weights = logits.Select(Math.Exp).ToArray();
                for (var d = 0; d < Dim; d++)
                    Assert.Equal(Enumerable.Range(0, seen).Sum(r => weights[r] * At(v, of, r, d)) / weights.Sum(), attended[query, head * Dim + d].item<float>(), 1e-5);
            }
        }

        static float At(Tensor t, long a, long b, long c) => t[a, b, c].item<float>();
    });
}
