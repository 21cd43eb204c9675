using StarKV.Input;
using StarKV.Models;
using StarKV.Text;

namespace StarKV.Tests.Issues;

/// <summary>Editors on Windows put a byte-order mark before JSON; every file of a model folder is read with it as without.</summary>
public sealed class JsonWithAByteOrderMark
{
    [Fact]
    public void A_model_folder_is_read_with_marks_as_without()
    {
        using var marked = new TempFolder();
        var mini = RepositoryFiles.Path("models", "mini");
        foreach (var path in Directory.EnumerateFiles(mini, "*.json"))
            marked.Write(Path.GetFileName(path), [0xEF, 0xBB, 0xBF, .. File.ReadAllBytes(path)]);
        marked.Write("processor_config.json", [0xEF, 0xBB, 0xBF, .. """{"image_processor":{"max_pixels":200704}}"""u8]);

        Assert.Equal(ModelConfig.Load(mini).Text.HiddenSize, ModelConfig.Load(marked.Path).Text.HiddenSize);
        Assert.Equal(GenerationConfig.Load(mini).MaxNewTokens, GenerationConfig.Load(marked.Path).MaxNewTokens);
        Assert.Equal(200_704, PreprocessorConfig.Load(marked.Path).MaxPixels);
        Assert.Equal(QwenTokenizer.LoadFolder(mini).Encode("Click here"), QwenTokenizer.LoadFolder(marked.Path).Encode("Click here"));
    }
}
