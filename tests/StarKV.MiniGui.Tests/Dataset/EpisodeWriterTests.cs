using System.Text.Json;
using StarKV.Input;
using StarKV.MiniGui.Dataset;
using StarKV.MiniGui.Draw;
using StarKV.MiniGui.Episodes;
using StarKV.MiniGui.Words;

namespace StarKV.MiniGui.Tests.Dataset;

public sealed class EpisodeWriterTests
{
    private static readonly Episode[] s_episodes =
        [.. new ulong[] { 1, 2 }.Select(seed => EpisodeGenerator.Draw(seed, Split.Test, new(336, 336), new EpisodeOptions { Steps = 4 + (int)seed }))];

    [Fact]
    public void The_files_hold_the_episodes()
    {
        using var temp = new TempFolder();
        var folder = temp.File("new");
        EpisodeWriter.Check(folder);
        EpisodeWriter.Write(folder, s_episodes);
        var rows = JsonSerializer.Deserialize<JsonElement[]>(File.ReadAllText(Path.Combine(folder, EpisodeWriter.FileName)))!;
        using var painter = new ScreenPainter();
        Assert.Equal(["00000", "00001"], rows.Select(r => r.GetProperty("id").GetString()));
        foreach (var (row, episode) in rows.Zip(s_episodes))
        {
            Assert.Equal((episode.Instruction, "test", episode.Seed), (Text(row, "instruction"), Text(row, "split"), row.GetProperty("seed").GetUInt64()));
            Assert.Equal(episode.Steps[0].Screen.Layout, Text(row, "layout"));
            Assert.Equal([336, 336], row.GetProperty("size").EnumerateArray().Select(n => n.GetInt32()));
            var steps = row.GetProperty("steps").EnumerateArray().ToList();
            Assert.Equal(episode.Steps.Count, steps.Count);
            foreach (var (step, expected) in steps.Zip(episode.Steps))
            {
                Assert.Equal(painter.Paint(expected.Screen), Screenshot.Load(Path.Combine(folder, Text(step, "img_filename"))).Rgb);
                Assert.Equal(painter.Checksum(expected.Screen), Text(step, "sha256"));
                Assert.Equal((expected.Text, expected.Answer), (Text(step, "instruction"), Text(step, "expected")));
                Assert.Equal(LabelNames.Of(expected.Question.Kind), Text(step, "kind"));
                Assert.Equal(expected.StepsAgo, step.GetProperty("steps_ago").GetInt32());
                var box = step.GetProperty("bbox");
                Assert.Equal(
                    expected.Question.Target is { } t ? [t.X, t.Y, t.Width, t.Height] : [],
                    box.ValueKind is JsonValueKind.Null ? [] : box.EnumerateArray().Select(n => n.GetInt32()));
            }
        }

        Assert.Equal(s_episodes.Sum(e => e.Steps.Count) + 1, Directory.GetFiles(folder).Length);

        static string Text(JsonElement row, string name) => row.GetProperty(name).GetString()!;
    }

    [Fact]
    public void A_failure_leaves_nothing_behind_and_a_folder_with_something_in_it_is_left_alone()
    {
        using var temp = new TempFolder();
        using var stop = new CancellationTokenSource();
        IEnumerable<Episode> Stopping()
        {
            yield return s_episodes[0];
            stop.Cancel();
            yield return s_episodes[1];
        }

        Assert.Throws<OperationCanceledException>(() => EpisodeWriter.Write(temp.File("new"), Stopping(), stop.Token));
        Assert.Empty(Directory.GetFileSystemEntries(temp.Path));
        temp.Write("mine.txt", "mine");
        Assert.Contains("exists already", Assert.Throws<IOException>(() => EpisodeWriter.Check(temp.Path)).Message, StringComparison.Ordinal);
        Assert.Contains("exists already", Assert.Throws<IOException>(() => EpisodeWriter.Write(temp.Path, s_episodes)).Message, StringComparison.Ordinal);
        Assert.Single(Directory.GetFiles(temp.Path));
    }

    [Fact]
    public void A_sheet_has_a_place_for_every_step_and_frames_the_target()
    {
        var sheet = Screenshot.Decode(EpisodeSheet.Png(s_episodes));
        // Five across; episodes of five and six steps take three rows.
        Assert.True(sheet.Width >= 5 * 336 && sheet.Height >= 3 * 336, $"{sheet.Width} x {sheet.Height}");
        var (place, step) = s_episodes[0].Steps.Index().First(s => s.Item.Question.Target is not null);
        var box = step.Question.Target!.Value;
        var (x, y) = (10 + place * (336 + 10) + box.X - 1, 10 + box.Center.Y);
        Assert.Equal([230, 30, 120], sheet.Rgb.AsSpan((y * sheet.Width + x) * 3, 3).ToArray());
    }
}
