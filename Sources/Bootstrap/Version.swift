/// The version of this build, in the words of semver.
public enum Version {
    public static let text = "0.1.0"
}
