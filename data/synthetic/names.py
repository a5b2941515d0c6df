"""Plausible Chinese names, in characters and pinyin, each one unique."""

from __future__ import annotations

from data.synthetic.streams import stream

_SURNAMES = (
    "王Wang 李Li 张Zhang 刘Liu 陈Chen 杨Yang 黄Huang 赵Zhao 吴Wu 周Zhou 徐Xu 孙Sun 马Ma 朱Zhu 胡Hu 郭Guo 何He 林Lin "
    "罗Luo 高Gao 梁Liang 宋Song 郑Zheng 谢Xie 韩Han 唐Tang 冯Feng 于Yu 董Dong 萧Xiao 程Cheng 曹Cao 袁Yuan 邓Deng 许Xu "
    "傅Fu 沈Shen 曾Zeng 彭Peng 吕Lü 苏Su 卢Lu 蒋Jiang 蔡Cai 贾Jia 丁Ding 魏Wei 薛Xue 叶Ye 阎Yan"
)
_FIRST = (
    "子zi 雨yu 思si 佳jia 晓xiao 文wen 明ming 嘉jia 欣xin 梦meng 志zhi 海hai 春chun 国guo 建jian 丽li 小xiao 俊jun "
    "天tian 一yi 雅ya 诗shi 振zhen 宏hong"
)
_SECOND = (
    "涵han 轩xuan 怡yi 琪qi 宁ning 华hua 杰jie 敏min 静jing 伟wei 强qiang 磊lei 洋yang 勇yong 娟juan 涛tao 超chao "
    "霞xia 平ping 刚gang 英ying 玲ling 芳fang 燕yan"
)

_Written = tuple[str, str]


def _written(words: str) -> list[_Written]:
    return [(word[0], word[1:]) for word in words.split()]


def draw_names(people: int, seed: int) -> list[str]:
    """Draw names such as "王思琪 Wang Siqi"; the first names of a smaller centre are those of a larger one.

    Parameters
    ----------
    people
        How many, at most 28,800.
    seed
        Of the order.

    Returns
    -------
    list of str
        Unique names.
    """
    surnames, first, second = _written(_SURNAMES), _written(_FIRST), _written(_SECOND)
    order = stream(seed, "names").permutation(len(surnames) * len(first) * len(second))[:people]
    names = []
    for place in order:
        rest, a = divmod(int(place), len(surnames))
        c, b = divmod(rest, len(first))
        family, one, two = surnames[a], first[b], second[c]
        names.append(f"{family[0]}{one[0]}{two[0]} {family[1]} {one[1].title()}{two[1]}")
    return names
