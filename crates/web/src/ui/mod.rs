//! What every area is built from: the frame of a page, its words and pictures, forms, and who stands at the door.

pub(crate) mod assets;
pub(crate) mod attachment;
pub(crate) mod download;
pub(crate) mod failure;
pub(crate) mod frame;
pub(crate) mod guard;
pub(crate) mod input;
pub mod picture;
pub(crate) mod question;
pub(crate) mod shown;
pub(crate) mod words;
