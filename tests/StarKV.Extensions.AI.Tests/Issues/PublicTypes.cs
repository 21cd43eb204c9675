namespace StarKV.Extensions.AI.Tests.Issues;

/// <summary>Nothing said which types may be used from several threads.</summary>
public sealed class PublicTypes
{
    [Fact]
    public void Those_with_state_say_whether_several_threads_may_use_them()
    {
        var silent = string.Join(", ", PublicSurface.SilentAboutThreads(typeof(StarKvChatClient).Assembly));
        Assert.True(silent == "", $"Say \"Thread-safe\" or \"Not thread-safe\" in the documentation of {silent}.");
    }
}
