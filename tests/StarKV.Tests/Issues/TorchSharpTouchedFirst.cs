using StarKV.Runtime;
using StarKV.Runtime.Native;

namespace StarKV.Tests.Issues;

/// <summary>A program whose first statement was <c>torch.tensor(1)</c> met TorchSharp's sentence about a package that it did reference, and StarKV no longer loaded.</summary>
public sealed class TorchSharpTouchedFirst
{
    [Fact]
    public void It_works_where_libtorch_is_beside_the_program()
    {
        using var program = new HostProgram();
        program.PutLibTorchBeside();
        var (code, lines) = program.Run("tensor");
        Assert.Equal(0, code);
        Assert.Equal("sum 3", lines[0]);
        // Nothing is changed in a process that used TorchSharp before.
        Assert.Equal($"{program.Folder}/ {HostLibraries.AreOld()} False", lines[1]);
        Assert.Equal(["this process used TorchSharp before StarKV", "sum 3", "bindings 1"], lines[2..]);
    }

    [Fact]
    public void It_works_after_anything_of_StarKV()
    {
        using var program = new HostProgram();
        var (code, lines) = program.Run("starkv");
        Assert.Equal(0, code);
        Assert.Equal(["50%", "sum 3"], lines[..2]);
        Assert.EndsWith($" {HostLibraries.AreOld()} True", lines[2], StringComparison.Ordinal);
        Assert.Equal(["sum 3", "bindings 1"], lines[3..]);
    }

    [Fact]
    public void Where_TorchSharp_finds_nothing_StarKV_says_what_to_call()
    {
        using var program = new HostProgram();
        // No package folder either, so that TorchSharp copies no libtorch beside the program.
        var (code, lines) = program.Run("tensor", ("NUGET_PACKAGES", program.Folder));
        Assert.Equal(2, code);
        Assert.Equal("TorchSharp failed", lines[0]);
        Assert.Contains("libtorch was not found", lines[1], StringComparison.Ordinal);

        (code, lines) = program.Run("device", ("NUGET_PACKAGES", program.Folder), (LibTorch.FolderVariable, LibTorch.Load().Folder));
        Assert.Equal(2, code);
        Assert.Equal("TorchSharp failed", lines[0]);
        Assert.Contains("Call StarKV.Runtime.LibTorch.Load() before the first use of TorchSharp.", lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public void Two_libtorches_in_one_process_are_refused()
    {
        using var program = new HostProgram();
        program.PutLibTorchBeside();
        using var other = new TempFolder();
        File.WriteAllText(Path.Combine(other.Path, "libtorch_cpu.so"), "");
        var (code, lines) = program.Run("tensor", (LibTorch.FolderVariable, other.Path));
        Assert.Equal(2, code);
        Assert.Equal("sum 3", lines[0]);
        Assert.Contains(other.Path, lines[1], StringComparison.Ordinal);
        Assert.Contains("both do not go together", lines[1], StringComparison.Ordinal);
    }
}
