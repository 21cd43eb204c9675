using System.Reflection;
using StarKV.Evaluation.Runs;
using StarKV.MiniGui;

namespace StarKV.Evaluation.Tests.Issues;

/// <summary>Nothing said which types may be used from several threads.</summary>
public sealed class PublicTypes
{
    private static readonly Assembly[] s_assemblies = [typeof(TaskAnswers).Assembly, typeof(SeededRandom).Assembly];

    [Fact]
    public void No_two_of_an_assembly_share_a_simple_name() => Assert.Equal("", string.Join(", ", s_assemblies.SelectMany(PublicSurface.Twins)));

    [Fact]
    public void Those_with_state_say_whether_several_threads_may_use_them()
    {
        var silent = string.Join(", ", s_assemblies.SelectMany(PublicSurface.SilentAboutThreads));
        Assert.True(silent == "", $"Say \"Thread-safe\" or \"Not thread-safe\" in the documentation of {silent}.");
    }
}
