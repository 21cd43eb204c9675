using StarKV.Input;
using StarKV.Models;
using StarKV.Tests.Agent;
using StarKV.Weights;

namespace StarKV.Tests.Models;

public sealed class ModelIdentityTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public ModelIdentityTests()
    {
        foreach (var name in new[] { "config.json", "model.safetensors", "preprocessor_config.json" })
            _folder.Copy("models", "mini", name);
    }

    public void Dispose() => _folder.Dispose();

    private string Identity(Func<ModelConfig, ModelConfig>? config = null, Func<PreprocessorConfig, PreprocessorConfig>? pixels = null)
    {
        using var checkpoint = CheckpointFolder.Open(_folder.Path);
        var (sizes, seen) = (ModelConfig.Load(_folder.Path), PreprocessorConfig.Load(_folder.Path));
        return ModelIdentity.Of(checkpoint, config?.Invoke(sizes) ?? sizes, pixels?.Invoke(seen) ?? seen);
    }

    [Fact]
    public void A_copy_is_the_same_model_and_any_difference_makes_another()
    {
        var identity = Identity();
        Assert.Matches("^[0-9a-f]{32}$", identity);
        using (var original = CheckpointFolder.Open(MiniModel.Folder))
            Assert.Equal(identity, ModelIdentity.Of(original, ModelConfig.Load(MiniModel.Folder), PreprocessorConfig.Load(MiniModel.Folder)));
        Assert.NotEqual(identity, Identity(c => c with { Text = c.Text with { RopeTheta = 1e4 } }));
        Assert.NotEqual(identity, Identity(pixels: p => p with { MaxPixels = p.MaxPixels - 1 }));
        Assert.NotEqual(identity, Identity(pixels: p => p with { ImageMean = [0.5, 0.5, 0.5] }));

        long offset;
        using (var file = SafetensorsFile.Open(_folder.File("model.safetensors")))
            offset = file.Tensors.Values.OrderBy(t => t.ByteLength).First() is var t ? t.Offset + t.ByteLength - 1 : 0;
        using (var stream = new FileStream(_folder.File("model.safetensors"), FileMode.Open, FileAccess.ReadWrite))
        {
            stream.Position = offset;
            var last = stream.ReadByte();
            stream.Position = offset;
            stream.WriteByte((byte)(last ^ 1));
        }

        Assert.NotEqual(identity, Identity());
    }
}
