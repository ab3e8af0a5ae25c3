//! Chance that can be repeated: a number follows from a seed and from where it is asked for, not from what was drawn
//! before. So threads do not matter, and two scenarios meet with the same luck (common random numbers).

/// Chance with a seed.
#[derive(Debug, Clone, Copy)]
pub struct Random {
    key: [u32; 2],
}

impl Random {
    pub fn new(seed: u64) -> Random {
        Random { key: [seed as u32, (seed >> 32) as u32] }
    }

    /// Four words of 32 bits for this place: Philox4x32-10 (Salmon, Moraes, Dror and Shaw 2011).
    pub fn words(&self, stream: u64, index: u64) -> [u32; 4] {
        let mut counter = [index as u32, (index >> 32) as u32, stream as u32, (stream >> 32) as u32];
        let mut key = self.key;
        for _ in 0..10 {
            let a = u64::from(counter[0]) * 0xD251_1F53;
            let b = u64::from(counter[2]) * 0xCD9E_8D57;
            counter =
                [(b >> 32) as u32 ^ counter[1] ^ key[0], b as u32, (a >> 32) as u32 ^ counter[3] ^ key[1], a as u32];
            key = [key[0].wrapping_add(0x9E37_79B9), key[1].wrapping_add(0xBB67_AE85)];
        }
        counter
    }

    /// A number strictly between 0 and 1, with 53 bits.
    pub fn uniform(&self, stream: u64, index: u64) -> f64 {
        let [a, b, _, _] = self.words(stream, index);
        let bits = (u64::from(a) << 32 | u64::from(b)) >> 11;
        (bits as f64 + 0.5) / (1_u64 << 53) as f64
    }
}

/// Numbers for one place, as many as it takes.
pub(crate) struct Draws {
    random: Random,
    stream: u64,
    index: u64,
}

impl Draws {
    /// Room for 2^16 draws at each of 2^48 places of a stream; nothing here takes as many.
    pub fn at(random: Random, stream: u64, place: u64) -> Draws {
        Draws { random, stream, index: place << 16 }
    }

    pub fn uniform(&mut self) -> f64 {
        self.index += 1;
        self.random.uniform(self.stream, self.index - 1)
    }

    /// A Poisson count: by inversion below a mean of ten, above by transformed rejection (Hörmann 1993, PTRS).
    pub fn poisson(&mut self, mean: f64) -> f64 {
        if mean <= 0.0 {
            return 0.0;
        }
        if mean < 10.0 {
            let uniform = self.uniform();
            let (mut term, mut count) = ((-mean).exp(), 0.0);
            let mut below = term;
            while uniform > below && count < 1000.0 {
                count += 1.0;
                term *= mean / count;
                below += term;
            }
            return count;
        }
        let root = mean.sqrt();
        let b = 0.931 + 2.53 * root;
        let a = -0.059 + 0.02483 * b;
        let inverse = 1.1239 + 1.1328 / (b - 3.4);
        let v_r = 0.9277 - 3.6224 / (b - 2.0);
        loop {
            let u = self.uniform() - 0.5;
            let v = self.uniform();
            let us = 0.5 - u.abs();
            let k = ((2.0 * a / us + b) * u + mean + 0.43).floor();
            if us >= 0.07 && v <= v_r {
                return k;
            }
            if k < 0.0 || (us < 0.013 && v > us) {
                continue;
            }
            if (v * inverse / (a / (us * us) + b)).ln() <= k * mean.ln() - mean - ln_factorial(k) {
                return k;
            }
        }
    }
}

/// ln k! by Stirling's series, shifted so that its error is below 1e-12.
fn ln_factorial(k: f64) -> f64 {
    let mut x = k + 1.0;
    let mut shift = 0.0;
    while x < 10.0 {
        shift += x.ln();
        x += 1.0;
    }
    let inverse = 1.0 / (x * x);
    let series = (1.0 / 12.0 - inverse * (1.0 / 360.0 - inverse * (1.0 / 1260.0 - inverse / 1680.0))) / x;
    (x - 0.5) * x.ln() - x + 0.5 * std::f64::consts::TAU.ln() + series - shift
}

/// The standard normal value below which a share `p` lies (Wichura 1988, AS 241, relative error 1e-16).
pub fn normal_quantile(p: f64) -> f64 {
    let polynomial = |coefficients: &[f64], x: f64| coefficients.iter().rev().fold(0.0, |sum, c| sum * x + c);
    let q = p - 0.5;
    if q.abs() <= 0.425 {
        let r = 0.180_625 - q * q;
        return q * polynomial(&A, r) / polynomial(&B, r);
    }
    let tail = if q < 0.0 { p } else { 1.0 - p };
    if tail <= 0.0 {
        return if q < 0.0 { f64::NEG_INFINITY } else { f64::INFINITY };
    }
    let r = (-tail.ln()).sqrt();
    let value = if r <= 5.0 {
        polynomial(&C, r - 1.6) / polynomial(&D, r - 1.6)
    } else {
        polynomial(&E, r - 5.0) / polynomial(&F, r - 5.0)
    };
    if q < 0.0 { -value } else { value }
}

const A: [f64; 8] = [
    3.387_132_872_796_366_5,
    1.331_416_678_917_843_8e2,
    1.971_590_950_306_551_3e3,
    1.373_169_376_550_946e4,
    4.592_195_393_154_987e4,
    6.726_577_092_700_87e4,
    3.343_057_558_358_813e4,
    2.509_080_928_730_122_7e3,
];
const B: [f64; 8] = [
    1.0,
    4.231_333_070_160_091e1,
    6.871_870_074_920_579e2,
    5.394_196_021_424_751e3,
    2.121_379_430_158_659_7e4,
    3.930_789_580_009_271e4,
    2.872_908_573_572_194_3e4,
    5.226_495_278_852_854e3,
];
const C: [f64; 8] = [
    1.423_437_110_749_683_5,
    4.630_337_846_156_545,
    5.769_497_221_460_691,
    3.647_848_324_763_204_5,
    1.270_458_252_452_368_4,
    2.417_807_251_774_506e-1,
    2.272_384_498_926_918_4e-2,
    7.745_450_142_783_414e-4,
];
const D: [f64; 8] = [
    1.0,
    2.053_191_626_637_759,
    1.676_384_830_183_803_8,
    6.897_673_349_851e-1,
    1.481_039_764_274_800_8e-1,
    1.519_866_656_361_645_7e-2,
    5.475_938_084_995_345e-4,
    1.050_750_071_644_416_9e-9,
];
const E: [f64; 8] = [
    6.657_904_643_501_103,
    5.463_784_911_164_114,
    1.784_826_539_917_291_3,
    2.965_605_718_285_048_7e-1,
    2.653_218_952_657_612_4e-2,
    1.242_660_947_388_078_4e-3,
    2.711_555_568_743_487_6e-5,
    2.010_334_399_292_288_1e-7,
];
const F: [f64; 8] = [
    1.0,
    5.998_322_065_558_88e-1,
    1.369_298_809_227_358e-1,
    1.487_536_129_085_061_5e-2,
    7.868_691_311_456_133e-4,
    1.846_318_317_510_054_8e-5,
    1.421_511_758_316_446e-7,
    2.044_263_103_389_939_8e-15,
];

#[cfg(test)]
mod tests {
    use super::*;

    /// The known answers that the authors of Philox publish with it.
    #[test]
    fn the_generator_is_philox() {
        let known = [
            (0, 0, 0, [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]),
            (u64::MAX, u64::MAX, u64::MAX, [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]),
            (
                0x299f_31d0_a409_3822,
                0x0370_7344_1319_8a2e,
                0x85a3_08d3_243f_6a88,
                [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1],
            ),
        ];
        for (seed, stream, index, words) in known {
            assert_eq!(Random::new(seed).words(stream, index), words);
        }
    }

    #[test]
    fn normal_quantiles_are_those_of_the_tables() {
        for (p, value) in [
            (0.5, 0.0),
            (0.975, 1.959_963_984_540_054),
            (0.9, 1.281_551_565_544_600_4),
            (0.999_999_999, 5.997_807_019_601_637),
            (1e-20, -9.262_340_089_798_408),
        ] {
            let found = normal_quantile(p);
            assert!((found - value).abs() < 1e-8_f64.min(1e-13 * 10_f64.powf(value.abs())), "{p}: {found}");
        }
    }

    #[test]
    fn poisson_counts_have_their_mean_and_variance() {
        for mean in [0.3, 4.0, 12.0, 250.0, 90_000.0] {
            let count = 40_000;
            let draws: Vec<f64> = (0..count).map(|i| Draws::at(Random::new(7), 1, i).poisson(mean)).collect();
            let average = draws.iter().sum::<f64>() / count as f64;
            let variance = draws.iter().map(|d| (d - average).powi(2)).sum::<f64>() / count as f64;
            assert!((average - mean).abs() < 5.0 * (mean / count as f64).sqrt(), "{mean}: {average}");
            assert!((variance / mean - 1.0).abs() < 0.05, "{mean}: {variance}");
        }
    }

    #[test]
    fn factorials() {
        for (k, value) in [(0.0, 1.0_f64), (1.0, 1.0), (5.0, 120.0), (10.0, 3_628_800.0)] {
            assert!((ln_factorial(k) - value.ln()).abs() < 1e-10, "{k}");
        }
    }
}
