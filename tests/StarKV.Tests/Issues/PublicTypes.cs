using System.Reflection;
using StarKV.Budget;
using StarKV.Cache;
using StarKV.Hub;
using StarKV.Reports.Overlays;
using StarKV.Runtime;
using StarKV.Score;

namespace StarKV.Tests.Issues;

/// <summary>Two public types were called ScreenBox, and nothing said which types may be used from several threads.</summary>
public sealed class PublicTypes
{
    private static readonly Assembly[] s_assemblies = [typeof(GuiAgent).Assembly, typeof(HubClient).Assembly, typeof(Overlay).Assembly];

    [Fact]
    public void No_two_of_an_assembly_share_a_simple_name() => Assert.Equal("", string.Join(", ", s_assemblies.SelectMany(PublicSurface.Twins)));

    [Fact]
    public void Those_with_state_say_whether_several_threads_may_use_them()
    {
        var silent = string.Join(", ", s_assemblies.SelectMany(PublicSurface.SilentAboutThreads));
        Assert.True(silent == "", $"Say \"Thread-safe\" or \"Not thread-safe\" in the documentation of {silent}.");
    }

    [Fact]
    public void State_is_found_where_it_is()
    {
        Assert.All([typeof(GuiAgent), typeof(LayerMemory), typeof(KvLayer), typeof(InferenceThread)], t => Assert.True(PublicSurface.HasState(t)));
        Assert.All([typeof(Full), typeof(GroundingOptions), typeof(Methods), typeof(StarKvException), typeof(KvBudget)], t => Assert.False(PublicSurface.HasState(t)));
    }
}
