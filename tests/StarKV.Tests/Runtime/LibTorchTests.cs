using StarKV.Runtime;
using StarKV.Runtime.Native;

namespace StarKV.Tests.Runtime;

[Collection(ProcessWideState.Name)]
public sealed class LibTorchTests
{
    [Fact]
    public void It_is_loaded_once_and_says_from_where()
    {
        var info = LibTorch.Load();
        Assert.Same(info, LibTorch.Load());
        Assert.True(File.Exists(Path.Combine(info.Folder, "libtorch_cpu.so")));
        Assert.Equal(HostLibraries.AreOld(), info.Adapted);
        Assert.NotEmpty(info.Version);
    }

    [Fact]
    public void The_variable_alone_decides_when_it_is_set()
    {
        // What is loaded stays loaded: only the list of candidates is looked at.
        LibTorch.Load();
        using var folder = new TempFolder();
        var before = Environment.GetEnvironmentVariable(LibTorch.FolderVariable);
        try
        {
            Environment.SetEnvironmentVariable(LibTorch.FolderVariable, folder.Path);
            Assert.Equal([(folder.Path, LibTorch.FolderVariable)], LibTorchFolder.Candidates());
            Environment.SetEnvironmentVariable(LibTorch.FolderVariable, "");
            var candidates = LibTorchFolder.Candidates().ToList();
            Assert.Contains(candidates, c => c.Source == "application folder" && c.Folder == AppContext.BaseDirectory);
            Assert.Equal("NuGet package", candidates[^1].Source);
            Assert.Contains(LibTorchFolder.CpuPackage, candidates[^1].Folder, StringComparison.Ordinal);
        }
        finally
        {
            Environment.SetEnvironmentVariable(LibTorch.FolderVariable, before);
        }
    }
}
