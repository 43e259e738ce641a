//! Small pictures without metadata, made by an independent encoder (Pillow), for the tests.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;

fn decode(lines: &str) -> Vec<u8> {
    BASE64.decode(lines.replace([' ', '\n'], "")).unwrap()
}

/// Every sample.
pub(super) fn all() -> Vec<Vec<u8>> {
    vec![
        jpeg(),
        progressive_jpeg(),
        png(),
        webp(),
        lossless_webp(),
        transparent_webp(),
        animated_webp(),
        gif(),
    ]
}

/// Baseline JPEG, 8 × 6.
pub(super) fn jpeg() -> Vec<u8> {
    decode(
        "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABQODxIPDRQSEBIXFRQYHjIhHhwcHj0sLiQySUBMS0dARkVQWnNiUFVt
         VkVGZIhlbXd7gYKBTmCNl4x9lnN+gXz/2wBDARUXFx4aHjshITt8U0ZTfHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8
         fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHz/wAARCAAGAAgDASIAAhEBAxEB/8QAHwAAAQUBAQEBAQEAAAAAAAAA
         AAECAwQFBgcICQoL/8QAtRAAAgEDAwIEAwUFBAQAAAF9AQIDAAQRBRIhMUEGE1FhByJxFDKBkaEII0KxwRVS0fAk
         M2JyggkKFhcYGRolJicoKSo0NTY3ODk6Q0RFRkdISUpTVFVWV1hZWmNkZWZnaGlqc3R1dnd4eXqDhIWGh4iJipKT
         lJWWl5iZmqKjpKWmp6ipqrKztLW2t7i5usLDxMXGx8jJytLT1NXW19jZ2uHi4+Tl5ufo6erx8vP09fb3+Pn6/8QA
         HwEAAwEBAQEBAQEBAQAAAAAAAAECAwQFBgcICQoL/8QAtREAAgECBAQDBAcFBAQAAQJ3AAECAxEEBSExBhJBUQdh
         cRMiMoEIFEKRobHBCSMzUvAVYnLRChYkNOEl8RcYGRomJygpKjU2Nzg5OkNERUZHSElKU1RVVldYWVpjZGVmZ2hp
         anN0dXZ3eHl6goOEhYaHiImKkpOUlZaXmJmaoqOkpaanqKmqsrO0tba3uLm6wsPExcbHyMnK0tPU1dbX2Nna4uPk
         5ebn6Onq8vP09fb3+Pn6/9oADAMBAAIRAxEAPwCCx0eM46UUUVyw95XZeFrVPZrU/9k=",
    )
}

/// Progressive JPEG of many scans, 8 × 6.
pub(super) fn progressive_jpeg() -> Vec<u8> {
    decode(
        "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABQODxIPDRQSEBIXFRQYHjIhHhwcHj0sLiQySUBMS0dARkVQWnNiUFVt
         VkVGZIhlbXd7gYKBTmCNl4x9lnN+gXz/2wBDARUXFx4aHjshITt8U0ZTfHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8
         fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHz/wgARCAAGAAgDASIAAhEBAxEB/8QAFQABAQAAAAAAAAAAAAAAAAAA
         AAP/xAAVAQEBAAAAAAAAAAAAAAAAAAABA//aAAwDAQACEAMQAAABmJP/xAAXEAADAQAAAAAAAAAAAAAAAAAAAQID
         /9oACAEBAAEFAoxR/8QAFxEBAAMAAAAAAAAAAAAAAAAAAgADEv/aAAgBAwEBPwGprM//xAAWEQADAAAAAAAAAAAA
         AAAAAAAAASH/2gAIAQIBAT8BVP/EABQQAQAAAAAAAAAAAAAAAAAAAAD/2gAIAQEABj8Cf//EABQQAQAAAAAAAAAA
         AAAAAAAAAAD/2gAIAQEAAT8hT//aAAwDAQACAAMAAAAQ9//EABYRAAMAAAAAAAAAAAAAAAAAAAARIf/aAAgBAwEB
         PxBBT//EABcRAAMBAAAAAAAAAAAAAAAAAAABESH/2gAIAQIBAT8QyrP/xAAXEAADAQAAAAAAAAAAAAAAAAAAAREx
         /9oACAEBAAE/EGJh/9k=",
    )
}

/// PNG, 8 × 6.
pub(super) fn png() -> Vec<u8> {
    decode(
        "iVBORw0KGgoAAAANSUhEUgAAAAgAAAAGCAIAAABxZ0isAAAAKUlEQVR4nGNkYGCQw4ZYGDQYGBhYMRFcggsNIUvw
         IyM0CRE4wpSQhCAA+3IDWc3ilXgAAAAASUVORK5CYII=",
    )
}

/// Lossy WebP in the simple form, 8 × 6.
pub(super) fn webp() -> Vec<u8> {
    decode(
        "UklGRkIAAABXRUJQVlA4IDYAAADQAQCdASoIAAYABABoJbACdAD0MYtqAAD+7OCrr4FlZ/Xut3PcXp5bcGKv+MxX
         g5Zqv4ugAAA=",
    )
}

/// Lossless WebP, 8 × 6.
pub(super) fn lossless_webp() -> Vec<u8> {
    decode("UklGRjYAAABXRUJQVlA4TCoAAAAvB0ABALkyRPQ/duWP6H9AQds2TOCUP8a3MRgPBWkbsLDdiQkAxMtx/wc=")
}

/// WebP with an alpha channel, 8 × 6.
pub(super) fn transparent_webp() -> Vec<u8> {
    decode(
        "UklGRmwAAABXRUJQVlA4WAoAAAAQAAAABwAABQAAQUxQSA8AAAABB1CyiAgABOF/20RE/0MAVlA4IDYAAADQAQCd
         ASoIAAYABABoJbACdAD0MYtqAAD+7OCrr4FlZ/Xut3PcXp5bcGKv+MxXg5Zqv4ugAAA=",
    )
}

/// Animated WebP of three frames, 4 × 3.
pub(super) fn animated_webp() -> Vec<u8> {
    decode(
        "UklGRrQAAABXRUJQVlA4WAoAAAACAAAAAwAAAgAAQU5JTQYAAAAAAAAAAABBTk1GKAAAAAAAAAAAAAMAAAIAAGQA
         AAJWUDhMDwAAAC8DgAAABxD9j/4HIqL/AQBBTk1GKAAAAAAAAAAAAAMAAAIAAGQAAABWUDhMDwAAAC8DgAAAB1DA
         iP4HIqL/AQBBTk1GKAAAAAAAAAAAAAMAAAIAAGQAAABWUDhMDwAAAC8DgAAABxDR//4HIqL/AQA=",
    )
}

/// Animated, endlessly looping GIF of three frames, 4 × 3.
pub(super) fn gif() -> Vec<u8> {
    decode(
        "R0lGODlhBAADAIEAAP8AAAAAAAAAAAAAACH/C05FVFNDQVBFMi4wAwEAAAAh+QQACgAAACwAAAAABAADAAAICAAB
         CBxIUGBAACH5BAEKAAEALAAAAAAEAAMAgQCAAAAAAAAAAAAAAAgIAAEIHEhQYEAAIfkEAQoAAQAsAAAAAAQAAwCB
         AAD/AAAAAAAAAAAACAgAAQgcSFBgQAA7",
    )
}
