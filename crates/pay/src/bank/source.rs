//! Where a file of the bank lies and how it is opened: as it is or out of a zip, in the encoding that it declares or
//! that its bytes show. Nothing is unpacked to disk, and no file is longer than its bound, whatever it says of itself.

use std::{
    cell::Cell,
    fs::File,
    io::{self, BufRead, BufReader, Cursor, Read, Seek},
    path::PathBuf,
    sync::Arc,
};

use encoding_rs::{Decoder, Encoding, UTF_8, UTF_16BE, UTF_16LE};

use super::StatementError;

/// So many bytes may the files of one delivery have together once they are unpacked.
pub const BYTES_MAX: u64 = 256 << 20;
/// A zip may have this many files at most.
const FILES_MAX: usize = 1_000;
/// So far into a file its encoding is declared.
const HEAD: usize = 512;
/// How much is read at once.
const PIECE: usize = 32 << 10;

/// A file as it came: in memory or on disk.
#[derive(Debug, Clone)]
pub enum Source {
    Bytes(Arc<[u8]>),
    Path(PathBuf),
}

/// One message within a file, by its place in the zip.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Message {
    pub name: String,
    place: Option<usize>,
}

trait ReadSeek: Read + Seek {}
impl<T: Read + Seek> ReadSeek for T {}

impl Source {
    fn open(&self) -> Result<Box<dyn ReadSeek + '_>, StatementError> {
        match self {
            Source::Bytes(bytes) => Ok(Box::new(Cursor::new(bytes.as_ref()))),
            Source::Path(path) => {
                let file = File::open(path).map_err(unreadable)?;
                if file.metadata().map_err(unreadable)?.len() > BYTES_MAX {
                    return Err(StatementError::TooLarge);
                }
                Ok(Box::new(BufReader::new(file)))
            }
        }
    }

    /// The messages in it: itself, or the XML files of a zip, in whatever folders they lie.
    pub(super) fn messages(&self) -> Result<Vec<Message>, StatementError> {
        let mut head = Vec::new();
        self.open()?.take(4).read_to_end(&mut head).map_err(unreadable)?;
        if !head.starts_with(b"PK\x03\x04") && !head.starts_with(b"PK\x05\x06") {
            return Ok(vec![Message { name: String::new(), place: None }]);
        }
        let mut archive = zip::ZipArchive::new(self.open()?).map_err(damaged)?;
        if archive.len() > FILES_MAX {
            return Err(StatementError::TooLarge);
        }
        let (mut messages, mut bytes) = (Vec::new(), 0_u64);
        for place in 0..archive.len() {
            let mut file = archive.by_index(place).map_err(damaged)?;
            let name = file.name().to_owned();
            // What a computer adds for itself is no message.
            let hidden = name.split('/').any(|part| part.starts_with('.') || part == "__MACOSX");
            if file.is_dir() || hidden {
                continue;
            }
            bytes = bytes.saturating_add(file.size());
            if bytes > BYTES_MAX {
                return Err(StatementError::TooLarge);
            }
            let mut head = Vec::new();
            (&mut file).take(HEAD as u64).read_to_end(&mut head).map_err(|error| damaged(error.into()))?;
            // A letter or a picture beside the statements is left alone.
            if name.to_ascii_lowercase().ends_with(".xml") || looks_like_xml(&head) {
                messages.push(Message { name, place: Some(place) });
            }
        }
        messages.sort_by(|one, other| one.name.cmp(&other.name));
        if messages.is_empty() { Err(StatementError::NoStatement) } else { Ok(messages) }
    }

    /// Lets `work` read a message as UTF-8. What says that it is UTF-8 and is not is read as windows-1252, as those who
    /// write such files mean it.
    pub(super) fn read(
        &self,
        message: &Message,
        work: &mut dyn FnMut(Bounded<'_>) -> Result<(), StatementError>,
    ) -> Result<(), StatementError> {
        match self.read_as(message, None, &mut all_is_utf8) {
            Ok(()) => self.read_as(message, None, work),
            Err(StatementError::Utf8) => self.read_as(message, Some(encoding_rs::WINDOWS_1252), work),
            Err(other) => Err(other),
        }
    }

    fn read_as(
        &self,
        message: &Message,
        wanted: Option<&'static Encoding>,
        work: &mut dyn FnMut(Bounded<'_>) -> Result<(), StatementError>,
    ) -> Result<(), StatementError> {
        let mut open = self.open()?;
        match message.place {
            None => decoded(&mut open, wanted, work),
            Some(place) => {
                let mut archive = zip::ZipArchive::new(open).map_err(damaged)?;
                decoded(&mut archive.by_index(place).map_err(damaged)?, wanted, work)
            }
        }
    }
}

/// Reads to the end, as fast as it can be read, to see whether all of it is text.
fn all_is_utf8(mut text: Bounded<'_>) -> Result<(), StatementError> {
    // The first bytes of a character whose others come with the next piece.
    let mut rest: Vec<u8> = Vec::new();
    let mut bytes = 0_u64;
    loop {
        text.left().set(PIECE);
        let piece = text.fill_buf().map_err(unreadable)?;
        let number = piece.len();
        bytes += number as u64;
        if bytes > BYTES_MAX {
            return Err(StatementError::TooLarge);
        }
        if number == 0 {
            return if rest.is_empty() { Ok(()) } else { Err(StatementError::Utf8) };
        }
        rest.extend_from_slice(piece);
        let whole = match std::str::from_utf8(&rest) {
            Ok(text) => text.len(),
            Err(error) if error.error_len().is_none() => error.valid_up_to(),
            Err(_) => return Err(StatementError::Utf8),
        };
        rest.drain(..whole);
        text.consume(number);
    }
}

fn unreadable(error: io::Error) -> StatementError {
    StatementError::Unreadable(error.to_string())
}

fn damaged(error: zip::result::ZipError) -> StatementError {
    StatementError::Zip(error.to_string())
}

fn looks_like_xml(head: &[u8]) -> bool {
    let text: Vec<u8> = head.iter().copied().filter(|byte| *byte != 0).collect();
    let text = text.strip_prefix(b"\xef\xbb\xbf").or(text.strip_prefix(b"\xff\xfe")).unwrap_or(&text);
    text.strip_prefix(b"\xfe\xff").unwrap_or(text).trim_ascii_start().starts_with(b"<")
}

fn decoded(
    read: &mut dyn Read,
    wanted: Option<&'static Encoding>,
    work: &mut dyn FnMut(Bounded<'_>) -> Result<(), StatementError>,
) -> Result<(), StatementError> {
    // One byte more than may be, so that what is too long is told from what just fits.
    let mut read = read.take(BYTES_MAX + 1);
    let mut head = Vec::new();
    (&mut read).take(HEAD as u64).read_to_end(&mut head).map_err(unreadable)?;
    let (encoding, mark) = encoding_of(&head)?;
    let encoding = wanted.unwrap_or(encoding);
    let start = head.split_off(mark);
    let whole = Cursor::new(start).chain(read);
    let left = Cell::new(0);
    if encoding == UTF_8 {
        work(Bounded { inner: Box::new(BufReader::with_capacity(PIECE, whole)), left: &left })
    } else {
        let inner = Box::new(Decoded::new(whole, encoding.new_decoder_without_bom_handling()));
        work(Bounded { inner, left: &left })
    }
}

/// The encoding of a message and how long its mark of the byte order is: by the mark, by the bytes of the first
/// characters, or as declared; else UTF-8.
fn encoding_of(head: &[u8]) -> Result<(&'static Encoding, usize), StatementError> {
    if let Some(marked) = Encoding::for_bom(head) {
        return Ok(marked);
    }
    if head.starts_with(b"<\0") {
        return Ok((UTF_16LE, 0));
    }
    if head.starts_with(b"\0<") {
        return Ok((UTF_16BE, 0));
    }
    let text = String::from_utf8_lossy(head);
    let declared =
        text.trim_start().strip_prefix("<?xml").and_then(|rest| rest.split_once("?>")).map(|(in_it, _)| in_it);
    let Some((_, named)) = declared.and_then(|declared| declared.split_once("encoding")) else { return Ok((UTF_8, 0)) };
    let named = named.trim_start().trim_start_matches('=').trim_start();
    let label: String = named.chars().skip(1).take_while(|c| !matches!(c, '"' | '\'')).collect();
    let known = Encoding::for_label(label.as_bytes()).ok_or(StatementError::Encoding(label))?;
    // What can be read so far byte by byte has been written anew since it was UTF-16.
    Ok((if known == UTF_16LE || known == UTF_16BE { UTF_8 } else { known }, 0))
}

/// Text in another encoding, as UTF-8.
struct Decoded<R> {
    read: R,
    decoder: Decoder,
    input: Vec<u8>,
    taken: usize,
    output: Vec<u8>,
    given: usize,
    is_over: bool,
}

impl<R: Read> Decoded<R> {
    fn new(read: R, decoder: Decoder) -> Decoded<R> {
        Decoded { read, decoder, input: Vec::new(), taken: 0, output: Vec::new(), given: 0, is_over: false }
    }
}

impl<R: Read> Read for Decoded<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let piece = self.fill_buf()?;
        let number = piece.len().min(into.len());
        into[..number].copy_from_slice(&piece[..number]);
        self.consume(number);
        Ok(number)
    }
}

impl<R: Read> BufRead for Decoded<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        while self.given == self.output.len() && !self.is_over {
            if self.taken == self.input.len() {
                self.input.resize(PIECE, 0);
                let number = self.read.read(&mut self.input)?;
                self.input.truncate(number);
                self.taken = 0;
            }
            let last = self.input.is_empty();
            self.output.resize(4 * PIECE, 0);
            let (result, read, written, _) =
                self.decoder.decode_to_utf8(&self.input[self.taken..], &mut self.output, last);
            self.output.truncate(written);
            (self.taken, self.given) = (self.taken + read, 0);
            self.is_over = last && result == encoding_rs::CoderResult::InputEmpty;
        }
        Ok(&self.output[self.given..])
    }

    fn consume(&mut self, number: usize) {
        self.given += number;
    }
}

/// A message of which no piece between two tags, and no tag, is longer than may be kept at once.
pub(super) struct Bounded<'a> {
    inner: Box<dyn BufRead + 'a>,
    left: &'a Cell<usize>,
}

impl<'a> Bounded<'a> {
    /// What says how much may be read until it is set anew.
    pub fn left(&self) -> &'a Cell<usize> {
        self.left
    }
}

/// What a piece that is too long is told by.
pub(super) const PIECE_TOO_LONG: &str = "a piece of it is too long";

impl Read for Bounded<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        self.inner.read(into)
    }
}

impl BufRead for Bounded<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.left.get() == 0 { Err(io::Error::other(PIECE_TOO_LONG)) } else { self.inner.fill_buf() }
    }

    fn consume(&mut self, number: usize) {
        self.left.set(self.left.get().saturating_sub(number));
        self.inner.consume(number);
    }
}
