namespace StarKV.Schedule;

/// <summary>Where a request is on its way.</summary>
internal enum JobStage
{
    /// <summary>It holds nothing on the device yet.</summary>
    Waiting,

    /// <summary>It was let in, and screenshots are still to be encoded.</summary>
    Encoding,

    /// <summary>Its prompt is being read, layer by layer.</summary>
    Reading,

    /// <summary>Its answers are being written.</summary>
    Writing,

    /// <summary>It is over.</summary>
    Ended,
}
