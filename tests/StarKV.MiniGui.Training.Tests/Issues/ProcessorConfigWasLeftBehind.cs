using StarKV.Input;
using StarKV.MiniGui.Training.Checkpoints;

namespace StarKV.MiniGui.Training.Tests.Issues;

/// <summary>A model made from another one kept its preprocessor_config.json, but not the processor_config.json that goes before it.</summary>
public sealed class ProcessorConfigWasLeftBehind
{
    [Fact]
    public void Both_files_go_with_the_model()
    {
        using var temp = new TempFolder();
        var (from, to) = (TinyShape.Folder(temp.Path), Directory.CreateDirectory(temp.File("to")).FullName);
        File.WriteAllText(Path.Combine(from, "processor_config.json"), """{"image_processor":{"max_pixels":200704}}""");
        Checkpoint.CopyCompanions(from, to, quantization: null);
        Assert.Equal(200_704, PreprocessorConfig.Load(to).MaxPixels);
        Assert.True(File.Exists(Path.Combine(to, "preprocessor_config.json")));
    }
}
