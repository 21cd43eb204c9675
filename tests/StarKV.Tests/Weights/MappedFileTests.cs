using System.IO.MemoryMappedFiles;
using StarKV.Weights;

namespace StarKV.Tests.Weights;

/// <summary>What of a checkpoint is mapped into memory, and what is not left there.</summary>
[Collection(ProcessWideState.Name)]
public sealed class MappedFileTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Write(string name, params string[] tensors) =>
        _folder.Write(name, tensors.Aggregate(new SafetensorsBuilder(), (file, tensor) => file.Add(tensor, "F32", 2)).Build());

    /// <summary>Files of the folder that this process has mapped, each as often as it is.</summary>
    private string[] Mapped()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Another system than Linux does not say what is mapped.");
        return [.. File.ReadLines("/proc/self/maps").Where(l => l.Contains(_folder.Path, StringComparison.Ordinal)).Select(l => Path.GetFileName(l)).Order(StringComparer.Ordinal)];
    }

    [Fact]
    public void A_file_is_mapped_until_it_is_closed()
    {
        var path = Write("a.safetensors", "x");
        using (SafetensorsFile.Open(path))
            Assert.Equal(["a.safetensors"], Mapped());
        Assert.Empty(Mapped());
    }

    [Fact]
    public void Of_a_file_that_is_refused_nothing_stays_mapped()
    {
        var path = _folder.Write("a.safetensors", SafetensorsBuilder.Raw("{}", 1));
        Assert.Throws<StarKvException>(() => SafetensorsFile.Open(path));
        Assert.Empty(Mapped());
    }

    [Fact]
    public void A_folder_s_shards_are_mapped_until_it_is_closed()
    {
        Folder();
        using (CheckpointFolder.Open(_folder.Path))
            Assert.Equal(["1.safetensors", "2.safetensors"], Mapped());
        Assert.Empty(Mapped());
    }

    [Theory]
    // A tensor that its shard lacks, and one under two names.
    [InlineData("x", "y", "\"x\":\"1.safetensors\",\"z\":\"2.safetensors\"")]
    [InlineData("model.x", "model.language_model.x", "\"model.x\":\"1.safetensors\",\"model.language_model.x\":\"2.safetensors\"")]
    public void Of_a_folder_that_is_refused_nothing_stays_mapped(string first, string second, string map)
    {
        Folder(first, second, map);
        Assert.Throws<StarKvException>(() => CheckpointFolder.Open(_folder.Path));
        Assert.Empty(Mapped());
    }

    private void Folder(string first = "x", string second = "y", string map = "\"x\":\"1.safetensors\",\"y\":\"2.safetensors\"")
    {
        Write("1.safetensors", first);
        Write("2.safetensors", second);
        _folder.Write("config.json", "{}");
        _folder.Write("model.safetensors.index.json", $"{{\"weight_map\":{{{map}}}}}");
    }

    [Fact]
    public void A_file_beyond_two_GiB_is_read_to_its_last_byte()
    {
        const long length = 3L << 30;
        var start = SafetensorsBuilder.Raw($"{{\"x\":{{\"dtype\":\"U8\",\"shape\":[{length}],\"data_offsets\":[0,{length}]}}}}");
        var path = _folder.Write("large.safetensors", start);
        // Zeros that take no room, and a last byte.
        using (var stream = File.OpenWrite(path))
        {
            stream.Position = start.Length + length - 1;
            stream.WriteByte(7);
        }

        using var file = SafetensorsFile.Open(path);
        var x = file.Tensors["x"];
        Assert.Equal((start.Length + length, length, length), (file.Length, x.ElementCount, x.ByteLength));
        Assert.Equal([0, 7], x.Bytes(length - 2, 2).ToArray());
        Assert.Throws<ArgumentOutOfRangeException>(() => _ = x.Bytes(length - 1, 2));
        Assert.Throws<OverflowException>(() => x.ToTensor());
    }

    [Fact]
    public void A_file_that_the_system_does_not_map_is_refused_by_name()
    {
        // Its length is that of a page, and the system has no way to map it.
        const string path = "/sys/kernel/cpu_byteorder";
        Assert.SkipUnless(File.Exists(path), $"This system has no {path}.");
        Assert.StartsWith($"{path} cannot be opened as a safetensors file: ", Assert.Throws<StarKvException>(() => SafetensorsFile.Open(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_for_which_there_are_no_addresses_left_is_a_lack_of_memory()
    {
        const string folder = "/dev/shm";
        Assert.SkipUnless(Directory.Exists(folder), $"This system has no {folder}, where a file may be long without taking room.");
        var path = Path.Combine(folder, Path.GetFileName(_folder.Path) + ".safetensors");
        using var held = new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete, 1, FileOptions.DeleteOnClose);
        // The runtime maps no more than 8.192 TB at once. A process has 128 TiB of addresses; what sixteen or seventeen such files leave is enough for all else.
        held.SetLength(8_000_000_000_000);
        using var map = MemoryMappedFile.CreateFromFile(held, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
        var views = new List<MemoryMappedViewAccessor>();
        try
        {
            Assert.Throws<IOException>(() =>
            {
                while (views.Count < 64)
                    views.Add(map.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read));
            });
            var error = Assert.Throws<StarKvMemoryException>(() => SafetensorsFile.Open(path));
            Assert.Equal($"There is not enough memory for {path}. Take a smaller model, its numbers as bfloat16, or another device, or free what other programs hold.", error.Message);
        }
        finally
        {
            views.ForEach(view => view.Dispose());
        }
    }
}
