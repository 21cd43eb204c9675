namespace StarKV.Schedule;

/// <summary>A request that has arrived on the inference thread.</summary>
/// <param name="job">The request.</param>
internal sealed class RunningJob(Job job)
{
    /// <summary>The request.</summary>
    public Job Job => job;

    /// <summary>What the scheduler knows of it.</summary>
    public JobTurn Turn => job.Turn;

    /// <summary>Whether it was not let in yet.</summary>
    public bool Waits { get; set; } = true;

    /// <summary>Its screenshots; null until it has started.</summary>
    public ScreensToEncode? Screens { get; set; }

    /// <summary>How long its screenshots have been encoded, with those of others.</summary>
    public TimeSpan Vision { get; set; }

    /// <summary>Goes on to the screenshots that are missing, or to the first layer.</summary>
    public void Prepare()
    {
        Turn.Screens = Screens!.Missing;
        Turn.Stage = JobStage.Encoding;
        if (Turn.Screens.Count > 0)
            return;
        Turn.LayersLeft = job.Open(Screens.Features, Vision);
        Turn.Stage = JobStage.Reading;
    }
}
