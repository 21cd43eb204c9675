using StarKV.Hub;
using StarKV.Weights;

namespace StarKV.Cli.Tests.Issues;

/// <summary>A pull that was killed while it made a link left a name of its own in the snapshot, beside the model's files, for good. Found by eng/faults/kill.sh.</summary>
public sealed class LinksBegunInASnapshot : IDisposable
{
    private readonly TempFolder _cache = new();

    public void Dispose() => _cache.Dispose();

    [Fact]
    public void A_snapshot_and_the_revisions_never_hold_a_name_that_is_no_file_of_the_model()
    {
        var (cache, model) = (new SnapshotWriter(new HubCache(_cache.Path)), HubModel.Parse("org/tiny"));
        HubFile[] files = [.. new[] { "config.json", "model.safetensors" }.Select((path, i) => new HubFile(path, 0, new string((char)('b' + i), HubFile.Sha1Digits)))];
        Directory.CreateDirectory(_cache.File("models--org--tiny/blobs"));
        foreach (var file in files)
            File.WriteAllText(cache.BlobPath(model, file.Hash), "");
        using var done = new CancellationTokenSource();
        var seen = new HashSet<string>();
        var watching = new Thread(() =>
        {
            while (!done.IsCancellationRequested)
            {
                foreach (var part in new[] { "snapshots", "refs" }.Select(p => _cache.File($"models--org--tiny/{p}")).Where(Directory.Exists))
                    seen.UnionWith(Directory.EnumerateFiles(part, "*", SearchOption.AllDirectories).Select(f => Path.GetFileName(f)!));
            }
        });
        watching.Start();
        for (var i = 0; i < 500; i++)
        {
            var snapshot = cache.Publish(model, $"{i % 10:x40}", files);
            Directory.Delete(snapshot, recursive: true);
            // The revision's note is written anew with each commit.
            cache.Publish(model, $"{i % 10:x40}", files);
        }

        done.Cancel();
        watching.Join();
        Assert.Equal(["config.json", "main", "model.safetensors"], seen.Order());
    }
}
