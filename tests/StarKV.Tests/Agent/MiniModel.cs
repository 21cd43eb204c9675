using StarKV.Input;

namespace StarKV.Tests.Agent;

/// <summary>The shipped model, loaded once for all tests of the collection, and the samples that it was released with.</summary>
public sealed class MiniModel : IDisposable
{
    public static readonly string Folder = RepositoryFiles.Path("models", "mini");

    public GuiAgent Agent { get; } = GuiAgent.Load(Folder, "cpu");

    /// <summary>A small screen, for tests that ask often and do not mind the answer.</summary>
    public static Screenshot Tiny(int width = 56, int height = 56)
    {
        var rgb = new byte[width * height * 3];
        new Random(width).NextBytes(rgb);
        return Screenshot.FromRgb(rgb, width, height, "noise");
    }

    public void Dispose() => Agent.Dispose();
}

/// <summary>Tests that share the loaded model; they run alone, since one of them reads the process's memory.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class MiniModelTests : ICollectionFixture<MiniModel>
{
    public const string Name = "mini model";
}
