//! Pictures of pages, drawn when somebody looks.

use std::sync::Arc;

use diwan_archive_api::PictureSize;
use diwan_extract::{Reason, picture_limited};
use diwan_platform::{Outcome, Platform, Refusal, files::extraction::Extractor};
use tokio::sync::{Semaphore, SemaphorePermit};

/// Pictures drawn at one time: each takes a processor for a moment.
const AT_ONCE: usize = 2;

/// Draws pages.
#[derive(Clone)]
pub struct Pictures {
    extractor: Extractor,
    slots: Arc<Semaphore>,
}

impl Pictures {
    /// Draws in the child process that also extracts texts.
    pub fn new(extractor: Extractor) -> Self {
        Self { extractor, slots: Arc::new(Semaphore::new(AT_ONCE)) }
    }

    /// What starts the child process.
    pub(crate) fn extractor(&self) -> Extractor {
        self.extractor.clone()
    }

    /// A turn for work that somebody waits for.
    pub(crate) async fn slot(&self) -> Option<SemaphorePermit<'_>> {
        self.slots.acquire().await.ok()
    }

    /// A page of a stored content as JPEG, upright.
    pub(super) async fn draw(
        &self,
        platform: &Platform,
        (hash, media_type): (&str, String),
        page: u32,
        size: PictureSize,
        turns: u8,
    ) -> Outcome<Vec<u8>> {
        let file = platform.blobs.on_disk(hash).await?;
        let width = match size {
            PictureSize::Thumbnail => 160,
            PictureSize::Page => 1_240,
            PictureSize::Close => 2_480,
        };
        let _slot = self.slots.acquire().await;
        let extractor = self.extractor.clone();
        let drawing = tokio::task::spawn_blocking(move || {
            picture_limited(&extractor.program, file.path(), &media_type, (page, width, turns), &extractor.limits)
        });
        match drawing.await.unwrap_or(Err(Reason::Crashed)) {
            Ok(jpeg) => Ok(jpeg),
            Err(reason) if reason.worth_retrying() => Err(Refusal::Internal(format!("no picture: {}", reason.code()))),
            Err(_) => Err(Refusal::NotFound("page")),
        }
    }
}
