using StarKV.Weights;

namespace StarKV.Tests.Agent;

public sealed class GuiAgentLoadTests
{
    [Fact]
    public void Loading_tells_how_far_it_is_and_ends_at_the_total()
    {
        var told = new List<LoadProgress>();
        var agent = GuiAgent.Load(MiniModel.Folder, "cpu", progress: new Teller(told));
        agent.Dispose();
        agent.Dispose();
        Assert.Throws<ObjectDisposedException>(() => agent.Ground(MiniModel.Tiny(), "Click"));
        Assert.Equal(told.Select(p => p.BytesRead).Order(), told.Select(p => p.BytesRead));
        // The scales of FP8 weights count with their weights.
        Assert.Equal(told[^1].TotalBytes, told[^1].BytesRead);
        Assert.True(told.Count > 100);
    }

    [Fact]
    public void What_is_missing_is_named()
    {
        using var folder = new TempFolder();
        Refused("config.json");
        File.Copy(Path.Combine(MiniModel.Folder, "config.json"), folder.File("config.json"));
        Refused("model.safetensors");
        File.Copy(Path.Combine(MiniModel.Folder, "model.safetensors"), folder.File("model.safetensors"));
        Refused("tokenizer.json");
        Assert.Contains("'gpu'", Assert.Throws<StarKvException>(() => GuiAgent.Load(MiniModel.Folder, "gpu")).Message, StringComparison.Ordinal);

        void Refused(string said) => Assert.Contains(said, Assert.Throws<StarKvException>(() => GuiAgent.Load(folder.Path, "cpu")).Message, StringComparison.Ordinal);
    }

    private sealed class Teller(List<LoadProgress> told) : IProgress<LoadProgress>
    {
        public void Report(LoadProgress value) => told.Add(value);
    }
}
