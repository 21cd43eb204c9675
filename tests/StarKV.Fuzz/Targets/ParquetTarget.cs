using System.Buffers.Binary;
using StarKV.Evaluation.Benchmarks;
using StarKV.Evaluation.Benchmarks.Mind2Web;
using StarKV.Fuzz.Mutate;
using StarKV.Fuzz.Run;
using StarKV.Fuzz.Seeds;
using StarKV.MiniGui;

namespace StarKV.Fuzz.Targets;

/// <summary>A parquet file of Multimodal-Mind2Web: its rows read, their pages cut into blocks and opened.</summary>
internal sealed class ParquetTarget(Scratch scratch) : IFuzzTarget
{
    private const int FooterBytes = 8;
    private readonly string _folder = scratch.Sub("parquet");

    public string Name => "parquet";

    public int InputsARound => 250;

    public IReadOnlyList<IMutation> Mutations { get; } = Mutate.Mutations.OfBinary("PAR1", "screenshot", "bytes", "pos_candidates", "list", "element", "\"bounding_box_rect\":\"0,0,9e99,1\"");

    public IEnumerable<byte[]> Seeds() => [SeedFiles.Read("tests/vectors/outside/data/wide-page/test_task-00000-of-00001.parquet")];

    // The schema and the places of all columns stand in the footer, whose changes are the telling ones; a picture makes up the rest of the file.
    public byte[] Repair(byte[] changed, SeededRandom random)
    {
        if (changed.Length < 2 * FooterBytes || random.Chance(0.3))
            return changed;
        var copy = changed.ToArray();
        "PAR1"u8.CopyTo(copy.AsSpan(copy.Length - 4));
        "PAR1"u8.CopyTo(copy);
        var footer = BinaryPrimitives.ReadInt32LittleEndian(copy.AsSpan(copy.Length - FooterBytes));
        if (footer <= 0 || footer > copy.Length - 2 * FooterBytes)
            BinaryPrimitives.WriteInt32LittleEndian(copy.AsSpan(copy.Length - FooterBytes), Math.Min(copy.Length - 2 * FooterBytes, 3000));
        for (var changes = random.Below(3); changes > 0; changes--)
        {
            var at = copy.Length - FooterBytes - 1 - random.Below(Math.Min(copy.Length - 2 * FooterBytes, 3000));
            copy[at] = random.Chance(0.5) ? (byte)(copy[at] ^ (1 << random.Below(8))) : (byte)random.Below(256);
        }

        return copy;
    }

    public string Run(byte[] input)
    {
        File.WriteAllBytes(Path.Combine(_folder, "test_task-0.parquet"), input);
        var benchmark = Mind2WebBenchmark.Published.Load(new BenchmarkOptions(_folder, _folder));
        var opened = 0;
        foreach (var task in benchmark.Tasks)
        {
            try
            {
                _ = task.Open();
                opened++;
            }
            catch (StarKvException)
            {
                // The row or its picture cannot be read.
            }

            _ = task.Judge(BenchmarkFiles.Answer());
        }

        return $"{benchmark.Tasks.Count} {benchmark.Tasks.Count(t => t.Fault is not null)} {opened}";
    }
}
