using StarKV.Models;
using StarKV.Models.Layers;
using StarKV.Runtime;
using static TorchSharp.torch;

namespace StarKV.Tests.Models.Qwen25Vl;

public sealed class RotaryTableTests
{
    private static readonly TextConfig s_config = new()
    {
        HiddenSize = 64,
        IntermediateSize = 1,
        Layers = 1,
        Heads = 2,
        KvHeads = 1,
        VocabSize = 1,
        MropeSection = [4, 6, 6],
        RopeTheta = 10_000,
    };

    [Fact]
    public void Text_turns_as_with_plain_rotary_positions() => TorchThread.Run(() =>
    {
        using var table = new RotaryTable(s_config.RotaryAxes, s_config.RopeTheta, new Compute(CPU, ScalarType.Float32));
        var angles = table.TextAngles(37, 5);
        Assert.Equal([5, 32], angles.Cos.shape);
        for (var i = 0; i < 5; i++)
        {
            for (var pair = 0; pair < 16; pair++)
            {
                var angle = (37 + i) * Math.Pow(10_000, -2.0 * pair / 32);
                foreach (var channel in new[] { pair, pair + 16 })
                {
                    Assert.Equal(Math.Cos(angle), angles.Cos[i, channel].item<float>(), 1e-5);
                    // The table's sine is negative in the first half, where the rotation subtracts.
                    Assert.Equal(channel < 16 ? -Math.Sin(angle) : Math.Sin(angle), angles.Sin[i, channel].item<float>(), 1e-5);
                }
            }
        }
    });

    [Fact]
    public void Each_axis_turns_its_own_channels() => TorchThread.Run(() =>
    {
        using var table = new RotaryTable(s_config.RotaryAxes, s_config.RopeTheta, new Compute(CPU, ScalarType.Float32));
        var still = table.Angles(zeros([3, 1], ScalarType.Int64)).Cos.data<float>().ToArray();
        Assert.All(still, c => Assert.Equal(1, c));
        var (from, sections) = (0, s_config.MropeSection);
        for (var axis = 0; axis < 3; axis++)
        {
            var positions = zeros([3, 1], ScalarType.Int64);
            positions[axis].fill_(1000);
            var sines = table.Angles(positions).Sin.data<float>().ToArray();
            var turned = Enumerable.Range(0, 16).Where(pair => sines[pair] != 0).ToArray();
            Assert.Equal(Enumerable.Range(from, sections[axis]), turned);
            from += sections[axis];
        }
    });

    [Fact]
    public void Angles_leave_only_their_two_tensors() => TorchThread.Run(() =>
    {
        using var table = new RotaryTable(s_config.RotaryAxes, s_config.RopeTheta, new Compute(CPU, ScalarType.Float32));
        var before = TorchThread.Live;
        var angles = table.TextAngles(0, 3);
        Assert.Equal(before + 2, TorchThread.Live);
        angles.Cos.Dispose();
        angles.Sin.Dispose();
        Assert.Equal(before, TorchThread.Live);
    });

    [Fact]
    public void Positions_of_any_order_have_the_angles_of_the_sequence() => TorchThread.Run(() =>
    {
        using var table = new RotaryTable(s_config.RotaryAxes, s_config.RopeTheta, new Compute(CPU, ScalarType.Float32));
        long[] positions = [5, 4000, 0, 5, 1024];
        var together = table.TextAngles(tensor(positions), 4000);
        Assert.Equal([5, 32], together.Cos.shape);
        for (var i = 0; i < positions.Length; i++)
        {
            var alone = table.Angles(full([3, 1], positions[i], ScalarType.Int64));
            Assert.Equal(alone.Cos[0].data<float>().ToArray(), together.Cos[i].data<float>().ToArray());
            Assert.Equal(alone.Sin[0].data<float>().ToArray(), together.Sin[i].data<float>().ToArray());
        }
    });

    [Fact]
    public void A_table_that_grows_holds_no_more_tensors_and_changes_no_angles_in_use() => TorchThread.Run(() =>
    {
        using var table = new RotaryTable(s_config.RotaryAxes, s_config.RopeTheta, new Compute(CPU, ScalarType.Float32));
        var early = table.TextAngles(1000, 8);
        var numbers = early.Cos.clone();
        var live = TorchThread.Live;
        using (NewDisposeScope())
            table.TextAngles(9000, 4);
        Assert.Equal(live, TorchThread.Live);
        Assert.Equal(numbers.data<float>().ToArray(), early.Cos.contiguous().data<float>().ToArray());
    });
}
