//! MT19937 as PyTorch uses it. [Matsumoto & Nishimura 1998]

use crate::error::argument;
use crate::{Error, Result};
use std::cell::RefCell;
use std::rc::Rc;
use std::time::{SystemTime, UNIX_EPOCH};

const N: usize = 624;
const M: usize = 397;
/// The seed of a generator that was not seeded.
const DEFAULT_SEED: u64 = 67280421310721;
/// Bytes of `get_state`.
const STATE_BYTES: usize = 5056;

/// A stream of random numbers.
#[derive(Clone)]
pub struct Generator {
    seed: u64,
    state: [u32; N],
    left: i32,
    next: usize,
    /// The second value of a Box-Muller pair, kept for the next scalar normal.
    pub(crate) cached_normal: Option<f64>,
}

impl Default for Generator {
    fn default() -> Self {
        Generator::new(DEFAULT_SEED)
    }
}

impl Generator {
    /// A generator with this seed.
    pub fn new(seed: u64) -> Generator {
        let mut g = Generator { seed, state: [0; N], left: 1, next: 0, cached_normal: None };
        g.manual_seed(seed);
        g
    }

    /// Starts the stream of a seed.
    pub fn manual_seed(&mut self, seed: u64) {
        self.seed = seed;
        self.state[0] = seed as u32;
        for j in 1..N {
            let s = self.state[j - 1];
            self.state[j] = 1812433253u32.wrapping_mul(s ^ (s >> 30)).wrapping_add(j as u32);
        }
        (self.left, self.next, self.cached_normal) = (1, 0, None);
    }

    /// The seed it started from.
    pub fn initial_seed(&self) -> u64 {
        self.seed
    }

    /// Starts from a seed that nobody can know, and returns it.
    pub fn seed(&mut self) -> u64 {
        let time = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| d.as_nanos() as u64);
        let address = self as *const Self as u64;
        // SplitMix64's mixer over what differs between runs and processes.
        let mut z = time ^ address.rotate_left(32) ^ (std::process::id() as u64) << 40;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58476d1ce4e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d049bb133111eb);
        let seed = (z ^ (z >> 31)) >> 11; // fits in a JavaScript number
        self.manual_seed(seed);
        seed
    }

    fn refill(&mut self) {
        let mix =
            |u: u32, v: u32| ((u & 0x8000_0000 | v & 0x7fff_ffff) >> 1) ^ if v & 1 != 0 { 0x9908_b0df } else { 0 };
        for j in 0..N {
            self.state[j] = self.state[(j + M) % N] ^ mix(self.state[j], self.state[(j + 1) % N]);
        }
        (self.left, self.next) = (N as i32, 0);
    }

    /// 32 random bits.
    #[inline]
    pub fn u32(&mut self) -> u32 {
        self.left -= 1;
        if self.left == 0 {
            self.refill();
        }
        let mut y = self.state[self.next];
        self.next += 1;
        y ^= y >> 11;
        y ^= (y << 7) & 0x9d2c_5680;
        y ^= (y << 15) & 0xefc6_0000;
        y ^ (y >> 18)
    }

    /// 64 random bits, the first draw high.
    #[inline]
    pub fn u64(&mut self) -> u64 {
        let high = self.u32() as u64;
        high << 32 | self.u32() as u64
    }

    /// Uniform in [0, 1) from 24 bits.
    #[inline]
    pub fn unit_f32(&mut self) -> f32 {
        (self.u32() & 0xff_ffff) as f32 * (1.0 / (1 << 24) as f32)
    }

    /// Uniform in [0, 1) from 53 bits.
    #[inline]
    pub fn unit_f64(&mut self) -> f64 {
        (self.u64() & ((1 << 53) - 1)) as f64 * (1.0 / (1u64 << 53) as f64)
    }

    /// A whole number below `range` (above 0), as `randint` draws it.
    #[inline]
    pub fn below(&mut self, range: u64) -> u64 {
        if range >= 1 << 28 { self.u64() % range } else { self.u32() as u64 % range }
    }

    /// The state in PyTorch's layout.
    pub fn state_bytes(&self) -> Vec<u8> {
        let mut b = Vec::with_capacity(STATE_BYTES);
        b.extend(self.seed.to_le_bytes());
        b.extend(self.left.to_le_bytes());
        b.extend(1i32.to_le_bytes());
        b.extend((self.next as u64).to_le_bytes());
        self.state.iter().for_each(|&s| b.extend((s as u64).to_le_bytes()));
        b.extend(0f64.to_le_bytes());
        b.extend(self.cached_normal.unwrap_or(0.0).to_le_bytes());
        b.extend(0f64.to_le_bytes());
        b.extend((self.cached_normal.is_some() as i32).to_le_bytes());
        b.resize(STATE_BYTES, 0);
        b
    }

    /// Goes back to a state that `state_bytes` gave.
    pub fn set_state_bytes(&mut self, b: &[u8]) -> Result<()> {
        if b.len() != STATE_BYTES {
            return argument(format!("RNG state is wrong size: expected {STATE_BYTES} bytes, received {}", b.len()));
        }
        let word = |at: usize| -> [u8; 8] { std::array::from_fn(|i| b[at + i]) };
        let half = |at: usize| i32::from_le_bytes(std::array::from_fn(|i| b[at + i]));
        let (left, next) = (half(8), u64::from_le_bytes(word(16)));
        if !(1..=N as i32).contains(&left) || next > N as u64 || next as i32 + left > N as i32 + 1 {
            return Err(Error::Argument("Invalid mt19937 state".into()));
        }
        self.seed = u64::from_le_bytes(word(0));
        (self.left, self.next) = (left, next as usize);
        (0..N).for_each(|i| self.state[i] = u64::from_le_bytes(word(24 + 8 * i)) as u32);
        self.cached_normal = (half(5040) != 0).then(|| f64::from_le_bytes(word(5024)));
        Ok(())
    }
}

thread_local! {
    static DEFAULT: RefCell<Rc<RefCell<Generator>>> = {
        let mut g = Generator::default();
        g.seed();
        RefCell::new(Rc::new(RefCell::new(g)))
    };
}

/// The isolate's generator; it starts at a random seed.
pub fn default_generator() -> Rc<RefCell<Generator>> {
    DEFAULT.with(|d| d.borrow().clone())
}

/// Puts another generator in the place of the isolate's; returns the one that was there.
pub fn swap_default_generator(g: Rc<RefCell<Generator>>) -> Rc<RefCell<Generator>> {
    DEFAULT.with(|d| d.replace(g))
}

/// Draws from a generator, the isolate's own if none is given.
pub fn with_generator<R>(g: Option<&RefCell<Generator>>, f: impl FnOnce(&mut Generator) -> R) -> R {
    match g {
        Some(g) => f(&mut g.borrow_mut()),
        None => f(&mut default_generator().borrow_mut()),
    }
}
