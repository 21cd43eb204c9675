using StarKV.Runtime;
using StarKV.Tests.Agent;

namespace StarKV.Tests.Issues;

/// <summary>Any allocation of a session's step may fail: that step alone ends, with a named error, and the session is as it was.</summary>
public sealed class MemoryThatFailsAnywhere
{
    /// <summary>Every 17th allocation in turn; HostProgram allocations 1 takes all of them (docs/reliability.md).</summary>
    [Fact]
    public void A_step_survives_the_failure_of_any_of_its_allocations()
    {
        using var program = new HostProgram();
        var (code, lines) = program.Run(
            "allocations 17", ("STARKV_TEST_MODEL", MiniModel.Folder), (LibTorch.FolderVariable, LibTorch.Load().Folder), ("OMP_NUM_THREADS", "1"));
        Assert.True(code == 0, string.Join('\n', lines));
        var words = lines[^1].Split(' ');
        Assert.Equal("0 wrong", string.Join(' ', words[^2..]));
        // Thousands of allocations, of which most end the step: else they were not refused.
        Assert.All(words[0].Split('+'), count => Assert.True(int.Parse(count) > 500, lines[^1]));
        Assert.True(int.Parse(words[4]) > 100, lines[^1]);
    }
}
