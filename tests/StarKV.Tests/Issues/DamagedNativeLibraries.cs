using StarKV.Runtime;
using StarKV.Runtime.Native;

namespace StarKV.Tests.Issues;

/// <summary>A library that was cut short ended the process with SIGBUS and without a word; zeros inside of TorchSharp's gave a loader's sentence for good (reliability F11).</summary>
public sealed class DamagedNativeLibraries : IDisposable
{
    private const string WayOut = "Build again.";

    private static readonly string s_folder = LibTorch.Load().Folder;

    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(4096)]
    [InlineData(100_000)]
    [InlineData(700_000)]
    [InlineData(-1)]
    public void One_that_was_cut_short_is_refused_before_it_is_loaded(int length)
    {
        var bytes = File.ReadAllBytes(Path.Combine(s_folder, "libc10.so"));
        var path = _temp.Write("libc10.so", bytes[..(length < 0 ? bytes.Length + length : length)]);
        var error = Assert.Throws<NativeLibraryException>(() => NativeLibraries.Load(path, WayOut));
        Assert.StartsWith($"{path} is damaged: it ", error.Message, StringComparison.Ordinal);
        Assert.EndsWith($". {WayOut}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Whole_ones_are_not_refused()
    {
        Assert.All(Directory.EnumerateFiles(s_folder, "lib*.so*"), path => NativeLibraries.Check(path, WayOut));
        Assert.Contains("libc10.so", ElfLibrary.NeedsOf(Path.Combine(s_folder, "libtorch_cpu.so")));
    }

    [Fact]
    public void One_beside_it_that_it_needs_is_looked_at_too()
    {
        foreach (var library in Directory.EnumerateFiles(s_folder, "lib*.so*").Where(f => !f.Contains("libc10", StringComparison.Ordinal)))
            File.CreateSymbolicLink(_temp.File(Path.GetFileName(library)), library);
        _temp.Write("libc10.so", File.ReadAllBytes(Path.Combine(s_folder, "libc10.so"))[..9000]);
        // libtorch.so needs libtorch_cpu.so, and that libc10.so.
        var error = Assert.Throws<NativeLibraryException>(() => NativeLibraries.Check(_temp.File("libtorch.so"), WayOut));
        Assert.StartsWith($"{_temp.File("libc10.so")} is damaged", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Whatever_a_header_says_it_is_read_or_refused()
    {
        var bytes = File.ReadAllBytes(Path.Combine(s_folder, "libtorch.so"));
        var random = new Random(11);
        var (read, refused) = (0, 0);
        for (var i = 0; i < 3000; i++)
        {
            var changed = (byte[])bytes.Clone();
            for (var n = random.Next(1, 5); n > 0; n--)
                changed[random.Next(3) == 0 ? random.Next(64) : random.Next(changed.Length)] = (byte)random.Next(256);
            var path = _temp.Write("lib.so", changed);
            try
            {
                ElfLibrary.NeedsOf(path);
                read++;
            }
            catch (InvalidDataException)
            {
                refused++;
            }
        }

        Assert.True(read > 100 && refused > 100, $"{read} read, {refused} refused");
    }

    [Theory]
    [InlineData("LibTorchSharp.so")]
    [InlineData("libLibTorchSharp.so")]
    [InlineData("libStarKvScalars.so")]
    public void TorchSharp_s_library_is_the_one_of_the_build_to_the_last_byte(string name)
    {
        var bytes = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, name));
        TorchSharpBinding.CheckContent(_temp.Write(name, bytes), name);
        bytes[bytes.Length / 2] ^= 1;
        var error = Assert.Throws<NativeLibraryException>(() => TorchSharpBinding.CheckContent(_temp.Write(name, bytes), name));
        Assert.Contains("not the file that the build put there. Build or publish the application again.", error.Message, StringComparison.Ordinal);
        Assert.Throws<NativeLibraryException>(() => TorchSharpBinding.CheckContent(_temp.Write(name, new byte[bytes.Length]), name));
        Assert.Throws<NativeLibraryException>(() => TorchSharpBinding.CheckContent(_temp.Write(name, ""), name));
    }

    [Fact]
    public void A_program_with_a_damaged_one_beside_it_says_so_and_lives()
    {
        using var program = new HostProgram();
        var name = HostLibraries.AreOld() ? "LibTorchSharp.so" : "libLibTorchSharp.so";
        var path = Path.Combine(program.Folder, name);
        using (var file = File.OpenWrite(path))
            file.SetLength(100_000);
        var (code, lines) = program.Run("load", (LibTorch.FolderVariable, s_folder));
        Assert.Equal(2, code);
        Assert.Contains($"{path} is damaged", Assert.Single(lines), StringComparison.Ordinal);
    }
}
